"""Makes `profiles` from `events`, `event_profiles` and `identity_map`, and compares them with the stream's own.

    profiles.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        [--stream <event stream>]

`profiles` has one row for each live person and account. Running it again writes only what differs. The newest export of
the profile table in the lake is compared once: differences go into `profile_differences`, and back to the stream as
events. If the job dies before it remembers the comparison, it compares again, which does no harm. An export waits for a
later run until the job `events` has read what was received before it; otherwise the lake would know less than the
table.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

from cdp.barriers.asked import add_option, ask
from cdp.barriers.erasures_seen import remember_erasure, seen_by
from cdp.barriers.told import Gate
from cdp.comparison.compare_export import Comparison, Send, instant
from cdp.comparison.table_export import Export, newest_export
from cdp.profiles.profile_rows import owned_events, profile_rows
from cdp.raw.zone import read_until
from cdp.spark.count_end import count_end
from cdp.spark.session import start
from cdp.stream.put_events import send
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import ensure_table, read_table
from cdp.tables.watermark import Mark, commit_watermark, read_marks, read_watermark

JOB, COMPARISON, REPORT = "profiles", "comparison", "report"
PROFILES = read_table("profiles")


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument(
        "--config",
        required=True,
        help="file with the lake's configuration, JSON: its `segments`, `traits`, `survivorship`, `missing`, `packing` "
        "and rules of identity",
    )
    parser.add_argument("--lake", required=True, help="address of the bucket that has exports/ and raw/")
    parser.add_argument(
        "--stream", help="event stream that takes corrections; without it differences are only reported"
    )
    parser.add_argument(
        "--now",
        type=lambda text: datetime.fromisoformat(text).astimezone(UTC),
        default=datetime.now(UTC),
        help="the time at which people are in segments, ISO 8601 with an offset; by default the present",
    )
    parser.add_argument(
        "--report",
        choices=("true", "false"),
        default="false",
        help="true: differences are only reported, whatever the stream",
    )
    parser.add_argument(
        "--settle-minutes",
        type=int,
        default=15,
        help="people with events received this long before the export, or later, are not compared",
    )
    parser.add_argument(
        "--most-corrections",
        type=int,
        default=10_000,
        help="if more profiles differ, something larger is wrong and nothing is sent",
    )
    add_option(parser)
    return parser.parse_known_args(given)[0]


def write_profiles(spark: SparkSession, args: argparse.Namespace, config: dict) -> int:
    """Brings `profiles` up to date; gives how many rows were added, changed or removed."""
    now = int(args.now.timestamp() * 1000)
    name = ensure_table(spark, args.database, PROFILES)
    owned = owned_events(*(spark.table(f"lake.{args.database}.{table}") for table in ("events", "event_profiles")))
    rows = profile_rows(owned, spark.table(f"lake.{args.database}.identity_map"), config, now)
    return replace_rows(spark, name, PROFILES, rows)


def is_reached(spark: SparkSession, args: argparse.Namespace, export: Export) -> bool:
    """Whether everything received before the export has reached the raw zone and been read by the job `events`."""
    settled = export.taken_at + timedelta(minutes=args.settle_minutes)
    since = read_watermark(spark, args.database, "events")
    return read_until(spark, f"{args.lake}/raw", since, datetime.now(UTC)) > settled


def drops_events(config: dict) -> bool:
    """Whether the lake's rules reject events that the stream applies: then the lake knows less."""
    return any(rule["action"] == "drop" for rule in config.get("missing", []))


def run_job(spark: SparkSession, args: argparse.Namespace, put: Send | None = None) -> dict:
    """One run; gives how many rows were added, changed or removed, and the comparison, if any."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    config = json.loads(Path(args.config).read_text("utf-8"))
    marks = read_marks(spark, args.database)
    changed, is_report = write_profiles(spark, args, config), args.report == "true"
    export = newest_export(spark, args.lake, marks.get(COMPARISON, Mark()).watermark)
    compared, waits = None, export is not None and not is_reached(spark, args, export)
    if export is not None and not waits:
        settle = timedelta(minutes=args.settle_minutes)
        comparison = Comparison(spark, args.database, config, settle, args.most_corrections)
        compared = comparison.of(export, None if drops_events(config) or is_report else put)
        # After a report the export still has to be compared: the next run that may mends what the report only told.
        commit_watermark(spark, args.database, REPORT if is_report else COMPARISON, export.taken_at)
    remember_erasure(spark, args.database, JOB, seen_by("identities", marks), marks)
    spark.catalog.clearCache()
    return {"rows_changed": changed, "comparison": compared} | ({"waits": instant(export.taken_at)} if waits else {})


def to_stream(stream: str, gate: Gate) -> Send:
    kinesis = boto3.client("kinesis")
    return lambda lines: send(
        kinesis,
        stream,
        gate.let_pass(row.line for row in lines.toLocalIterator()),
        lambda attempt: time.sleep(min(0.1 * 2**attempt, 5)),
    )


def main() -> None:
    spark = start(JOB)
    args = arguments(sys.argv[1:])
    gate = Gate(ask(spark, args, boto3.client), json.loads(Path(args.config).read_text("utf-8")))
    told = run_job(spark, args, to_stream(args.stream, gate) if args.stream else None)
    print(json.dumps({"job": JOB, **told, **gate.report()}))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
