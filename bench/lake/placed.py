"""What a run of the job `identities` costs by how much is new and how much is there; prints a line of JSON each.

    placed.py [--sizes 100000 1000000]

For each size: a lake of so many events, one for each of five of every person, is placed; then 1,000 events come of as
many of these people, are placed, and then everybody is placed all the same, as each run did before. The job's own table
`sightings` is made by Spark alone, so that nothing but this job is counted.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

import events as raw  # noqa: E402
from program import SMALL, Program, run, sizes  # noqa: E402
from runs import cost  # noqa: E402

NEW, EVENTS_OF_ONE = 1000, 5
START = datetime(2026, 5, 1, tzinfo=UTC)


def see(spark, database: str, name: str, count: int, people: int) -> None:
    """Adds events to `sightings`, each of one person after another: on one of two devices, and some signed in."""
    from cdp.tables.schema import as_stored

    table = f"lake.{database}.sightings"
    # A prime number that shares no factor with the sizes: each person is met before any is met again.
    rows = spark.range(count).selectExpr(
        f"concat('{name}-', sha1(cast(id AS string))) event_id",
        f"concat('{name}-', sha1(cast(id AS string))) message_id",
        f"timestamp'{START:%Y-%m-%d}' + make_dt_interval(0, 0, 0, id) timestamp",
        f"timestamp'{START:%Y-%m-%d}' + make_dt_interval(0, 0, 0, id + 1) received_at",
        "false by_platform",
        "array() accounts",
        f"pmod(id * 7919, {people}) who",
        "id",
    )
    device = "concat('anonymous_id:', who, '-', cast(id AS long) % 2)"
    signed_in = f"array(concat('user_id:', who), {device})"
    users = f"if(id % 3 = 0, {signed_in}, array({device})) users"
    stated = rows.selectExpr("*", users, "event_id line_hash", "'a' run")
    as_stored(stated, spark, table).writeTo(table).append()


def measure(spark, count: int) -> Iterator[dict]:
    from cdp.tables.schema import ensure_table, read_table
    from cdp.tables.watermark import commit_watermark
    from jobs import identities

    with tempfile.TemporaryDirectory() as directory:
        lake, database = Path(directory), f"placed_{count}"
        (lake / "config.json").write_text(json.dumps(raw.CONFIG))
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
        for name in ("sightings", "identity_log"):
            ensure_table(spark, database, read_table(name))
        for job in ("events", "sightings"):
            commit_watermark(spark, database, job, START)
        given = ["--database", database, "--lake", str(lake), "--config", str(lake / "config.json")]
        people, stored = count // EVENTS_OF_ONE, 0
        for name, new, more in (
            ("first", count, []),
            ("new events", min(NEW, count // 100), []),
            ("everybody again", 0, ["--full", "true"]),
        ):
            if new:
                see(spark, database, "first" if name == "first" else "new", new, people)
            arguments = identities.arguments([*given, *more])
            found = cost(spark, database, lambda arguments=arguments: identities.run_job(spark, arguments))
            stored += new
            is_complete = spark.table(f"lake.{database}.event_profiles").count() == stored
            yield {"stored": stored, "run": name, "new": new, "job": identities.JOB, **found, "complete": is_complete}


def lines(spark, args) -> Iterator[dict]:
    # Nothing counts until a small one has loaded every class.
    list(measure(spark, SMALL))
    for count in args.sizes:
        yield from measure(spark, count)


if __name__ == "__main__":
    run(Program(__doc__, sizes([100_000, 1_000_000]), raw.spark_in, lines))
