"""`events`, `event_profiles` and `identity_map` to `profiles`: one row for each live person and account; and these compared with the stream's own.

    profiles.py --database <database> --config <file with the lake's configuration, JSON> --lake s3://<bucket> [--stream <event stream>]

Running it again writes only what differs. The newest export of the profile table in the lake is compared once: what differs comes into
`profile_differences`, and goes back to the stream as events. What dies before the comparison is remembered is done again, which does no harm.
An export waits for a later run until the job `events` has read what was received before it, for of that the lake would know less than the table.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.comparison.corrections import NONE, correction_lines, event_lines, with_repair
from cdp.comparison.differences import differences, lake_profiles, parted_by_log, put_aside
from cdp.comparison.stored_profile import stored_profiles
from cdp.comparison.table_export import Export, newest_export
from cdp.profiles.profile_rows import owned_events, profile_rows
from cdp.profiles.traits import survivors
from cdp.raw.zone import list_objects
from cdp.spark.count_end import count_end
from cdp.spark.session import start
from cdp.stream.put_events import send
from cdp.tables.merge_by_key import merge_by_key
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import ensure_table, read_table
from cdp.tables.watermark import commit_watermark, read_watermark

JOB, COMPARISON, REPORT = "profiles", "comparison", "report"
PROFILES, DIFFERENCES = (read_table(name) for name in ("profiles", "profile_differences"))

Send = Callable[[DataFrame], int]
"""Puts rows of `line` on the event stream; gives how many."""


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over: also `--conf`, which must not be read as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `segments`, `survivorship`, `missing` and `packing`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has exports/ and raw/")
    parser.add_argument("--stream", help="event stream that takes corrections; without it differences are told and not mended")
    parser.add_argument("--report", choices=("true", "false"), default="false", help="true: differences are told and not mended, whatever the stream")
    parser.add_argument("--settle-minutes", type=int, default=15, help="events may take so long to the lake: people with any so shortly before the export, or later, are not compared")
    parser.add_argument("--most-corrections", type=int, default=10_000, help="where more profiles differ, something larger is wrong: nothing is sent")
    return parser.parse_known_args(given)[0]


def write_profiles(spark: SparkSession, args: argparse.Namespace, config: dict) -> int:
    """Makes `profiles` what it should be; gives how many rows were added, changed or removed."""
    name = ensure_table(spark, args.database, PROFILES)
    owned = owned_events(*(spark.table(f"lake.{args.database}.{table}") for table in ("events", "event_profiles")))
    rows = profile_rows(owned, spark.table(f"lake.{args.database}.identity_map"), config["segments"], config.get("survivorship", {}))
    return replace_rows(spark, name, PROFILES, rows)


def compare(spark: SparkSession, args: argparse.Namespace, config: dict, export: Export, put: Send | None) -> dict:
    """Compares an export with `profiles`, writes what differs and sends what mends it; gives what a person wants to know of it."""
    events, owners, log, profiles = (spark.table(f"lake.{args.database}.{table}") for table in ("events", "event_profiles", "identity_log", "profiles"))
    stored, made = stored_profiles(export.lines(spark), config["packing"]).localCheckpoint(), lake_profiles(profiles).localCheckpoint()
    aside = put_aside(owners, stored, instant(export.taken_at - timedelta(minutes=args.settle_minutes))).localCheckpoint()
    name = ensure_table(spark, args.database, DIFFERENCES)
    moment = F.lit(instant(export.taken_at)).cast("timestamp")
    before = spark.table(name).where(F.col("compared_at") < moment)
    parted = parted_by_log(log)
    found = with_repair(differences(stored, made, aside, parted, config["segments"]), before, stored, parted).withColumn("compared_at", moment).localCheckpoint()
    kinds = {row.kind: row["count"] for row in found.groupBy("kind").count().orderBy("kind").collect()}
    differing = found.select("profile_id").distinct().count()
    sent, is_held = {"events": 0, "corrections": 0}, differing > args.most_corrections
    if kinds:
        is_sent = F.lit(put is not None and not is_held) & (F.col("repair") != NONE)
        merge_by_key(spark, name, DIFFERENCES, found.withColumn("sent", is_sent))
    if kinds and put and not is_held:
        words = survivors(owned_events(events, owners.join(found, "profile_id", "left_semi")), config.get("survivorship", {}))
        sent = {"events": put(event_lines(found, owners, events)), "corrections": put(correction_lines(found, stored, made, words, instant(export.taken_at)))}
    said = {"taken_at": instant(export.taken_at), "in_table": stored.count(), "in_lake": made.count(), "put_aside": aside.count()}
    return {**said, "differing": differing, "differences": kinds, "sent": sent, "held": is_held}


def is_reached(spark: SparkSession, args: argparse.Namespace, export: Export) -> bool:
    """Whether everything received before the export has had its time to come to the raw zone, and the job `events` has read it there."""
    settled = export.taken_at + timedelta(minutes=args.settle_minutes)
    since, now = read_watermark(spark, args.database, "events"), datetime.now(UTC)
    zone, lookback = f"{args.lake}/raw", timedelta(hours=48)
    unread = list_objects(spark, zone, since=since, now=now, overlap=timedelta(0), lookback=lookback)
    return now >= settled and all(found.written_at > settled for found in unread)


def drops_events(config: dict) -> bool:
    """Whether the lake's rules reject what the stream applies: then it is the lake that knows less."""
    return any(rule["action"] == "drop" for rule in config.get("missing", []))


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def run_job(spark: SparkSession, args: argparse.Namespace, put: Send | None = None) -> dict:
    """One run; gives how many rows were added, changed or removed, and what was compared, if anything."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    config = json.loads(Path(args.config).read_text("utf-8"))
    changed, is_report = write_profiles(spark, args, config), args.report == "true"
    export = newest_export(spark, args.lake, read_watermark(spark, args.database, COMPARISON))
    compared, waits = None, export is not None and not is_reached(spark, args, export)
    if export is not None and not waits:
        compared = compare(spark, args, config, export, None if drops_events(config) or is_report else put)
        # After a report the export is still to be compared: what was only told is mended by the next run that may.
        commit_watermark(spark, args.database, REPORT if is_report else COMPARISON, export.taken_at)
    spark.catalog.clearCache()
    return {"rows_changed": changed, "comparison": compared} | ({"waits": instant(export.taken_at)} if waits else {})


def to_stream(stream: str) -> Send:
    kinesis = boto3.client("kinesis")
    return lambda lines: send(kinesis, stream, (row.line for row in lines.toLocalIterator()), lambda attempt: time.sleep(min(0.1 * 2**attempt, 5)))


def main() -> None:
    spark = start(JOB)
    args = arguments(sys.argv[1:])
    print(json.dumps({"job": JOB, **run_job(spark, args, to_stream(args.stream) if args.stream else None)}))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
