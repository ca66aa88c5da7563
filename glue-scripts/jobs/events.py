"""Raw zone to `events` and `rejected_events`, from where the last run ended.

    events.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

Whatever dies when, running it again gives the same tables: every write merges by key, and the watermark is the last of them.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step, take
from cdp.cleaning.derive import derive, derived_columns
from cdp.cleaning.enrich import enrich
from cdp.cleaning.fill_missing import fill_missing, required
from cdp.cleaning.judge_events import judge, rejected
from cdp.cleaning.quality import Measure, count_outcomes, without_outcomes
from cdp.cleaning.read_events import parse
from cdp.cleaning.standardize import standardize
from cdp.raw.zone import RawObject, list_objects, read_lines
from cdp.spark.session import start
from cdp.tables.few_rows import few_rows
from cdp.tables.merge_by_key import Bounds, bounds_of, first_of_each, merge_first, not_yet_stored
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import Column, Table, ensure_tables, read_table
from cdp.tables.watermark import commit_watermark, name_of_run, read_watermark

JOB = "events"
REJECTED = read_table("rejected_events")
QUALITY = read_table("data_quality")
MEASURED = ("step", "column_name", "measure", "rows")


@dataclass(frozen=True)
class Writing:
    """Rows for a table, and between which times those stored under the same keys are."""

    rows: DataFrame
    bounds: Bounds


@dataclass(frozen=True)
class Outcome:
    """What a run is about to write."""

    events: Writing | None
    rejected: Writing | None
    quality: DataFrame
    watermark: datetime | None
    """None where it does not move."""


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over: also `--conf`, which must not be read as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has raw/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON")
    parser.add_argument("--overlap-minutes", type=int, default=10, help="objects written so long before the watermark are read again")
    parser.add_argument("--lookback-hours", type=int, default=48, help="days of arrival up to so long before the watermark are looked into")
    parser.add_argument("--repeat-days", type=int, default=7, help="a message that comes again within so many days is the same")
    return parser.parse_known_args(given)[0]


def read_config(path: str) -> dict:
    return json.loads(Path(path).read_text("utf-8"))


def events_table(config: dict) -> Table:
    """The table `events` with the columns that a deployment declares and derives."""
    declared = [Column(column["name"], column["type"], column["meaning"], (column["from"],)) for column in config["columns"]]
    return read_table(JOB).extended([*declared, *derived_columns(config["derive"])])


def declared_steps(spark: SparkSession, table: Table, config: dict) -> list[Step]:
    """What a deployment declares that is done to every new event, in this order."""
    types = {column.name: column.type for column in table.columns}
    clean = [*standardize(config["standardize"], config["countries"]), *enrich(spark, config["enrich"])]
    return [*clean, *fill_missing(config["missing"], types), *derive(config["derive"])]


def decide(lines: DataFrame, table: Table, config: dict, stored: dict[str, str], run: str, within: timedelta) -> tuple[Writing | None, Writing | None, list[Measure]]:
    """New events, new rejected lines and what was counted; None where there are none."""
    judged = judge(parse(lines, table), required(config["missing"])).localCheckpoint()
    sound = F.col("verdict").isNull()
    moments = (*bounds_of(F.when(sound, F.col(table.time)), within), *bounds_of(F.when(~sound, F.col(REJECTED.time)), within))
    read, accepted, *times = judged.agg(F.count("*"), F.count(F.when(sound, 1)), *moments).first()
    events, refused, added, dropped, outcomes = None, None, 0, 0, []
    if accepted:
        first = first_of_each(judged.where(sound), table)
        new = not_yet_stored(first, stored[JOB], table, run, times[:2]).drop("line", "verdict", "object", "arrived_at")
        made = take(new, declared_steps(new.sparkSession, table, config)).withColumn("run", F.lit(run)).localCheckpoint()
        added, outcomes = count_outcomes(made)
        events = Writing(without_outcomes(made), times[:2]) if added else None
    if accepted < read:
        new = not_yet_stored(first_of_each(rejected(judged), REJECTED), stored[REJECTED.name], REJECTED, run, times[2:])
        made = new.withColumn("run", F.lit(run)).localCheckpoint()
        dropped = made.count()
        refused = Writing(made, times[2:]) if dropped else None
    counts = {"lines": read, "accepted": added, "rejected": dropped, "repeated": read - added - dropped}
    return events, refused, [*(("read", "", measure, rows) for measure, rows in counts.items()), *outcomes]


def write_quality(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    """Of a run with nothing new that is what the last such run counted, and then nothing is written."""
    name = f"lake.{args.database}.data_quality"
    replace_rows(spark, name, QUALITY, outcome.quality, spark.table(name).join(outcome.quality, list(QUALITY.key), "left_semi"))


def write_rejected(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    write_new(spark, f"lake.{args.database}.rejected_events", REJECTED, outcome.rejected)


def write_events(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    write_new(spark, f"lake.{args.database}.events", read_table(JOB), outcome.events)


def write_new(spark: SparkSession, name: str, table: Table, writing: Writing | None) -> None:
    if writing is not None:
        merge_first(spark, name, table, writing.rows, writing.bounds)


def write_watermark(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> None:
    if outcome.watermark is not None:
        commit_watermark(spark, args.database, JOB, outcome.watermark)


WRITES = (write_quality, write_rejected, write_events)
"""Side by side; each may be repeated. The watermark comes after all of them."""


def run_job(spark: SparkSession, args: argparse.Namespace) -> list[Measure]:
    """One run, in a session that is set for it."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # Otherwise a date that does not fit its format is an exception instead of null.
    spark.conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED")
    # Texts of the configuration are in what Spark reads as SQL, where it would put a setting or a variable of its machine in the place of ${…}.
    spark.conf.set("spark.sql.variable.substitute", "false")
    # Events tell names with regard to case, and columns may be declared of `productId` and of `productID`.
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        return take_in(spark, args)
    finally:
        # Whoever has the session next does not.
        spark.conf.unset("spark.sql.caseSensitive")


def take_in(spark: SparkSession, args: argparse.Namespace) -> list[Measure]:
    """Reads what came since the last run, decides, writes."""
    config = read_config(args.config)
    table = events_table(config)
    stored = ensure_tables(spark, args.database, (table, REJECTED, QUALITY))
    since = read_watermark(spark, args.database, JOB)
    overlap, lookback = timedelta(minutes=args.overlap_minutes), timedelta(hours=args.lookback_hours)
    zone = f"{args.lake}/raw"
    objects = list_objects(spark, zone, since=since, now=datetime.now(UTC), overlap=overlap, lookback=lookback)
    run, within = name_of_run(since), timedelta(args.repeat_days)
    events, refused, measures = decide(read_lines(spark, objects), table, config, stored, run, within)
    columns = ", ".join(f"{column.name} {column.type}" for column in QUALITY.columns)
    quality = few_rows(spark, columns, [{"job": JOB, "run": run} | dict(zip(MEASURED, measure, strict=True)) for measure in measures])
    watermark = newest(objects, since)
    outcome = Outcome(events, refused, quality, watermark if watermark != since else None)
    with ThreadPoolExecutor() as side_by_side:
        for written in [side_by_side.submit(write, spark, args, outcome) for write in WRITES]:
            written.result()
    write_watermark(spark, args, outcome)
    return measures


def newest(objects: list[RawObject], since: datetime | None) -> datetime | None:
    """The next watermark: it never goes back."""
    return max([found.written_at for found in objects] + ([since] if since else []), default=None)


def main() -> None:
    spark = start(JOB)
    measures = run_job(spark, arguments(sys.argv[1:]))
    print(json.dumps({"job": JOB, "quality": [dict(zip(("step", "column", "measure", "rows"), measure, strict=True)) for measure in measures]}))


if __name__ == "__main__":
    main()
