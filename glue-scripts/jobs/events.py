"""Reads the raw zone, from where the last run ended, into `events`, `sightings` and `rejected_events`.

    events.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

`sightings` has whom each event names. If that may have changed with the configuration or the job itself, all events are
read again for it. After any crash, running it again gives the same tables: every write merges by key,
and the watermark comes last.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

from cdp.barriers.asked import Client, add_option, ask
from cdp.barriers.stated import passing
from cdp.cleaning.new_events import COUNTED, REJECTED, Decided, Intake, Writing, decide, events_table
from cdp.cleaning.quality import Measure
from cdp.identity.collection import ACCOUNTS
from cdp.identity.sightings import Reading, keep_read
from cdp.raw.zone import list_objects, mark_of, name_of_objects, read_lines
from cdp.segments.definitions import Definitions
from cdp.spark.session import start
from cdp.spark.sql import quoted
from cdp.tables.merge_by_key import merge_first
from cdp.tables.put_few_rows import put_few_rows
from cdp.tables.schema import Table, ensure_tables, read_table
from cdp.tables.seen import code
from cdp.tables.watermark import Mark, commit_marks, name_of_run, read_marks

JOB = "events"
QUALITY, SIGHTINGS = (read_table(name) for name in ("data_quality", "sightings"))
MEASURED = ("step", "column_name", "measure", "rows")


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has raw/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON")
    parser.add_argument(
        "--overlap-minutes", type=int, default=10, help="objects written this long before the watermark are read again"
    )
    parser.add_argument(
        "--lookback-hours", type=int, default=48, help="days of arrival this long before the watermark are searched"
    )
    parser.add_argument(
        "--repeat-days", type=int, default=7, help="a message that comes again within so many days is the same one"
    )
    add_option(parser)
    return parser.parse_known_args(given)[0]


def write_quality(spark: SparkSession, args: argparse.Namespace, run: str, decided: Decided) -> None:
    """Writes the counts. Repeated with the same counts, a run writes nothing."""
    rows = [{"job": JOB, "run": run} | dict(zip(MEASURED, measure, strict=True)) for measure in decided.measures]
    where = f"job = {quoted(JOB)} AND run = {quoted(run)}"
    put_few_rows(spark, f"lake.{args.database}.{QUALITY.name}", QUALITY, rows, where=where)


def write_new(spark: SparkSession, args: argparse.Namespace, table: Table, writing: Writing | None) -> None:
    if writing is not None:
        merge_first(spark, f"lake.{args.database}.{table.name}", table, writing.rows, writing.bounds)


def reading_of(config: dict) -> Reading:
    return Reading(config["identity"], config["countries"], Definitions.of(config, ACCOUNTS).event_keys())


def write_events(spark: SparkSession, args: argparse.Namespace, intake: Intake, events: Writing | None) -> None:
    """Writes events, and then whom they name: where a row of `events` is new, so is that of `sightings`."""
    write_new(spark, args, read_table(JOB), events)
    if events is not None:
        sighted = Writing(reading_of(intake.config).read(events.rows), events.bounds)
        write_new(spark, args, SIGHTINGS, sighted)


def write_all(spark: SparkSession, args: argparse.Namespace, intake: Intake, decided: Decided) -> None:
    """Writes that run at once and may be repeated."""
    with ThreadPoolExecutor() as pool:
        writes = (
            pool.submit(write_quality, spark, args, intake.run, decided),
            pool.submit(write_new, spark, args, REJECTED, decided.rejected),
            pool.submit(write_events, spark, args, intake, decided.events),
        )
        for written in writes:
            written.result()


def run_job(spark: SparkSession, args: argparse.Namespace, client: Client = boto3.client) -> list[Measure]:
    """One run, with the session's settings for it."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # Otherwise a date that does not fit its format raises an exception instead of being null.
    spark.conf.set("spark.sql.legacy.timeParserPolicy", "CORRECTED")
    # Configured texts are in SQL; Spark would replace ${…} in them by settings or variables of its machine.
    spark.conf.set("spark.sql.variable.substitute", "false")
    # Names in events differ by case; a deployment may declare columns for `productId` and `productID`.
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        return take_in(spark, args, client)
    finally:
        # The session's next user does not want it.
        spark.conf.unset("spark.sql.caseSensitive")


def take_in(spark: SparkSession, args: argparse.Namespace, client: Client) -> list[Measure]:
    """Reads what came since the last run, decides, writes. The watermark comes last.

    Objects of the overlap are read again only beside new ones.
    """
    config = json.loads(Path(args.config).read_text("utf-8"))
    table = events_table(config)
    stored = ensure_tables(spark, args.database, (table, REJECTED, QUALITY, SIGHTINGS))
    marks = read_marks(spark, args.database)
    reading = reading_of(config)
    keep_read(spark, args.database, reading, marks)
    barriers, last = ask(spark, args, client), marks.get(JOB, Mark())
    since, settings = last.watermark, (config, barriers.name, args.repeat_days, code(__file__))
    overlap, lookback = timedelta(minutes=args.overlap_minutes), timedelta(hours=args.lookback_hours)
    zone = f"{args.lake}/raw"
    objects = list_objects(spark, zone, since=since, now=datetime.now(UTC), overlap=overlap, lookback=lookback)
    if not objects or last.seen == name_of_objects(objects, *settings):
        return [("read", "", measure, 0) for measure in COUNTED]
    intake = Intake(table, config, stored, name_of_run(since), timedelta(args.repeat_days), passing(barriers, config))
    decided = decide(read_lines(spark, objects), intake)
    write_all(spark, args, intake, decided)
    read = mark_of(objects, since, overlap, *settings)
    commit_marks(spark, args.database, {JOB: read, SIGHTINGS.name: Mark(read.watermark)})
    return decided.measures


def main() -> None:
    spark = start(JOB)
    measures = run_job(spark, arguments(sys.argv[1:]))
    quality = [dict(zip(("step", "column", "measure", "rows"), measure, strict=True)) for measure in measures]
    print(json.dumps({"job": JOB, "quality": quality}))


if __name__ == "__main__":
    main()
