"""`events` and the identity log to `identity_map` and `event_profiles`: the whole identity graph again, in the order in which things happened.

    identities.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

Whatever dies when, running it again gives the same tables: each is replaced in one commit by what follows from events and log alone,
of which only what differs is written; the log is merged by key, and its watermark is written after it.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.named import sightings
from cdp.identity_log import append_entries, homes, list_log, parted, read_entries
from cdp.marts.facts import pinned
from cdp.replace import replace_rows
from cdp.resolve import resolve_identities
from cdp.schema import ensure_table, read_table
from cdp.watermark import commit_watermark, read_watermark

JOB = "identities"
LOG, MAP, EVENTS = (read_table(name) for name in ("identity_log", "identity_map", "event_profiles"))


@dataclass(frozen=True)
class Outcome:
    """What a run is about to write."""

    owned: DataFrame
    events: DataFrame


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over: also `--conf`, which must not be read as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has identity_log/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON")
    parser.add_argument("--overlap-minutes", type=int, default=10, help="objects of the log written so long before the watermark are read again")
    return parser.parse_known_args(given)[0]


def take_log(spark: SparkSession, args: argparse.Namespace) -> None:
    """Brings the table `identity_log` up to what has landed."""
    since = read_watermark(spark, args.database, JOB)
    objects = list_log(spark, args.lake, since, timedelta(minutes=args.overlap_minutes))
    append_entries(spark, f"lake.{args.database}.{LOG.name}", LOG, read_entries(spark, objects))
    newest = max((found.written_at for found in objects), default=since)
    if newest != since:
        commit_watermark(spark, args.database, JOB, max(newest, since or newest))


def resolve(spark: SparkSession, args: argparse.Namespace) -> Outcome:
    """Decides who is whom from the events and the log as they are now."""
    config = json.loads(Path(args.config).read_text("utf-8"))
    log = pinned(spark, f"lake.{args.database}.{LOG.name}").persist()
    said = sightings(pinned(spark, f"lake.{args.database}.events"), config["identity"], config["countries"]).persist()
    return Outcome(*resolve_identities(said, homes(log).persist(), parted(log), config["identity"]))


def write_event_profiles(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> int:
    return replace_rows(spark, f"lake.{args.database}.{EVENTS.name}", EVENTS, outcome.events)


def write_identity_map(spark: SparkSession, args: argparse.Namespace, outcome: Outcome) -> int:
    type_ = F.substring_index("identifier", ":", 1)
    value = F.expr("substring(identifier, length(substring_index(identifier, ':', 1)) + 2)")
    owned = outcome.owned.withColumns({"identifier_type": type_, "identifier_value": value})
    return replace_rows(spark, f"lake.{args.database}.{MAP.name}", MAP, owned)


WRITES = (write_event_profiles, write_identity_map)


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict[str, int]:
    """One run; gives how many rows of each table were added, changed or removed."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for table in (read_table("events"), LOG, MAP, EVENTS):
        ensure_table(spark, args.database, table)
    take_log(spark, args)
    outcome = resolve(spark, args)
    changed = {write.__name__.removeprefix("write_"): write(spark, args, outcome) for write in WRITES}
    spark.catalog.clearCache()
    return changed


def main() -> None:
    spark = SparkSession.builder.appName(JOB).getOrCreate()
    print(json.dumps({"job": JOB, "rows_changed": run_job(spark, arguments(sys.argv[1:]))}))


if __name__ == "__main__":
    main()
