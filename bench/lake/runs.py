"""What runs with little to do cost: Spark jobs, commits, rows and seconds of each job; prints a line of JSON each.

    runs.py [--sizes 10000 100000] [--seed 1]

For each size: a lake with so many events of a month, then a run with nothing new, one with 1,000 new events, one of
`identities` that places everybody all the same, and again one with nothing new. Spark jobs are counted by Spark, and so
are rows that it read from tables and rows that it sorted or sent between tasks; commits by the snapshots of all tables.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

import events as raw  # noqa: E402
from program import SMALL, Program, run, sizes  # noqa: E402

NEW, EVERYBODY = 1000, "everybody again"


def spark_jobs(spark) -> int:
    """How many jobs Spark has run so far."""
    return spark._jsc.sc().dagScheduler().numTotalJobs()


def rows(spark) -> tuple[int, int]:
    """How many rows all jobs so far have read from files, and written for other tasks."""
    context = spark._jsc.sc()
    context.listenerBus().waitUntilEmpty()
    none = spark._jvm.java.util.ArrayList()
    quantiles = spark._sc._gateway.new_array(spark._jvm.double, 0)
    stages = context.statusStore().stageList(none, False, False, quantiles, none)
    found = [stages.apply(n) for n in range(stages.size())]
    return sum(one.inputRecords() for one in found), sum(one.shuffleWriteRecords() for one in found)


def commits(spark, database: str) -> int:
    names = [row.tableName for row in spark.sql(f"SHOW TABLES IN lake.{database}").collect()]
    return sum(spark.table(f"lake.{database}.{name}.snapshots").count() for name in names)


def cost(spark, database: str, work: Callable[[], object]) -> dict:
    """What the work took."""
    written, before, started = commits(spark, database), (spark_jobs(spark), *rows(spark)), time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    ran, read, shuffled = (now - then for now, then in zip((spark_jobs(spark), *rows(spark)), before, strict=True))
    return {
        "seconds": round(seconds, 2),
        "spark_jobs": ran,
        "rows_read": read,
        "rows_shuffled": shuffled,
        "commits": commits(spark, database) - written,
    }


def runs(count: int) -> list[tuple[str, int]]:
    """Runs one after another, each with how many events are new."""
    return [("first", count), ("nothing new", 0), ("new events", NEW), (EVERYBODY, 0), ("nothing new", 0)]


def measure(spark, count: int, seed: int) -> Iterator[dict]:
    """Each job of each run over a lake of so many events."""
    from jobs import events, identities

    with tempfile.TemporaryDirectory() as directory:
        lake, database = Path(directory), f"runs_{count}"
        (lake / "config.json").write_text(json.dumps(raw.CONFIG))
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
        given = ["--database", database, "--lake", str(lake), "--config", str(lake / "config.json")]
        stored = 0
        for name, new in runs(count):
            if new:
                raw.write_raw(lake, "late" if stored else "first", new, seed)
            stored += new
            more = ["--full", "true"] if name == EVERYBODY else []
            for job in (identities,) if more else (events, identities):
                found = cost(spark, database, lambda job=job: job.run_job(spark, job.arguments([*given, *more])))
                owned = spark.table(f"lake.{database}.event_profiles").count() if job is identities else stored
                yield {"stored": stored, "run": name, "new": new, "job": job.JOB, **found, "complete": owned == stored}


def lines(spark, args) -> Iterator[dict]:
    # Nothing counts until a small one has loaded every class.
    list(measure(spark, SMALL, args.seed))
    for count in args.sizes:
        yield from measure(spark, count, args.seed)


if __name__ == "__main__":
    run(Program(__doc__, sizes([10_000, 100_000]), raw.spark_in, lines))
