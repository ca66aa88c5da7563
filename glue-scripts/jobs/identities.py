"""Rebuilds the identity graph: `sightings` and the log to `identity_log`, `identity_map` and `event_profiles`.

    identities.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

Events are placed in the order in which they happened, not in which they arrived. Running it again writes only what
differs, and does nothing when what it reads and what it wrote are as they were.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers, Client, add_option, ask
from cdp.barriers.erasures_seen import remember_erasure
from cdp.barriers.sighted import let_pass
from cdp.erasing.dropped_people import Dropped, remember_dropped
from cdp.erasing.erased_ids import PLACES, erased_ids, reader_without_erased, without_erased
from cdp.identity.identity_log import apart_by_log, named_by_log, read_entries
from cdp.identity.people import find_people, identifiers_of
from cdp.identity.sightings import SIGHTINGS, lacks, named_events
from cdp.placing.profile_ids import with_profile_ids
from cdp.raw.append_lines import append_lines
from cdp.spark.session import start
from cdp.tables.iceberg import last_change
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import ensure_tables, read_table
from cdp.tables.seen import code, name_of
from cdp.tables.watermark import Mark, commit_marks, read_marks

JOB, PLACED = "identities", "placed"
LOG, MAP, OWNERS = (read_table(name) for name in ("identity_log", "identity_map", "event_profiles"))
NONE_CHANGED = {MAP.name: 0, OWNERS.name: 0}


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has identity_log/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `identity`")
    add_option(parser)
    parser.add_argument("--full", choices=("true", "false"), default="false", help="true: place everybody again")
    return parser.parse_known_args(given)[0]


class NotRead(Exception):
    """Whom some events name is not known yet. A graph of the others would take people apart."""


def known_ids(spark: SparkSession, database: str, named: DataFrame) -> DataFrame:
    """Profiles of identifiers by the stream's log (`named_by_log`), else by the last run: ids seldom change."""
    identifier = F.concat_ws(":", "identifier_type", "identifier_value").alias("identifier")
    last = spark.table(f"lake.{database}.identity_map").select("collection", identifier, "profile_id")
    return named.unionByName(last.join(named, ["collection", "identifier"], "left_anti"))


def read_of(spark: SparkSession, database: str, rules: dict, barriers: Barriers) -> str:
    """The name of all on which people depend, but for what the last run made of it."""
    tables = [last_change(spark, f"lake.{database}.{name}") for name in (SIGHTINGS, LOG.name)]
    return name_of(tables, rules, barriers.name, code(__file__))


def seen(spark: SparkSession, database: str, inputs: str) -> str:
    """The name of these inputs and of what is made of them, as it is now."""
    return name_of(inputs, [last_change(spark, f"lake.{database}.{table.name}") for table in (MAP, OWNERS)])


def place_all(
    spark: SparkSession, args: argparse.Namespace, config: dict, barriers: Barriers
) -> tuple[dict[str, int], int]:
    """Places every event that barriers let pass; gives how many rows of each table changed, and the events stopped."""
    log, owners, rows = (spark.table(f"lake.{args.database}.{name}") for name in (LOG.name, OWNERS.name, SIGHTINGS))
    with ThreadPoolExecutor() as side_by_side:
        reading = side_by_side.submit(named_events, rows), side_by_side.submit(named_by_log(log).localCheckpoint)
    every, named = (one.result() for one in reading)
    passed, suppressed = let_pass(every, barriers)
    if erases := barriers.newest_erasure is not None:
        remember_dropped(spark, args.database, Dropped(owners, every, passed, named), barriers)
    return write_people(spark, args, config, passed, named, erases=erases), suppressed


def write_people(
    spark: SparkSession, args: argparse.Namespace, config: dict, seen: DataFrame, named: DataFrame, *, erases: bool
) -> dict[str, int]:
    """Places every event and gives each person an id, and nobody that of a person who was erased."""
    log = spark.table(f"lake.{args.database}.identity_log")
    people = find_people(seen, config["identity"], apart_by_log(log, named)).localCheckpoint()
    identifiers = identifiers_of(people).localCheckpoint()
    known = known_ids(spark, args.database, named)
    if erases:
        known = without_erased(known, erased_ids(spark, args.database), ("profile_id",))
    ids = with_profile_ids(identifiers, people, known).localCheckpoint()
    split = F.split("identifier", ":", 2)
    rows = {
        "identity_map": identifiers.join(ids, "person").withColumns(
            {"identifier_type": split[0], "identifier_value": split[1]}
        ),
        "event_profiles": people.where(~F.col("by_platform")).join(ids, "person"),
    }
    with ThreadPoolExecutor() as side_by_side:
        changed = side_by_side.map(
            lambda table: replace_rows(spark, f"lake.{args.database}.{table.name}", table, rows[table.name]),
            (MAP, OWNERS),
        )
        return dict(zip(rows, changed, strict=True))


def run_job(spark: SparkSession, args: argparse.Namespace, client: Client = boto3.client) -> dict[str, int]:
    """One run; gives how many rows of each table were added, changed or removed, and events that barriers stopped.

    At its end it remembers how far `events` had read when it began: until there, every event has its profile. It
    remembers, too, what it read and wrote.
    """
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    config = json.loads(Path(args.config).read_text("utf-8"))
    marks = read_marks(spark, args.database)
    read, sighted = (marks.get(of, Mark()).watermark for of in ("events", SIGHTINGS))
    if lacks(read, sighted):
        raise NotRead("sightings lacks rows of events that an earlier release wrote: run the job events, then this one")
    barriers, now = ask(spark, args, client), datetime.now(UTC)
    entries = reader_without_erased(read_entries, spark, args.database, PLACES, until=barriers.newest_erasure)
    append_lines(spark, args.database, f"{args.lake}/identity_log", job=JOB, table=LOG, rows=entries, now=now)
    ensure_tables(spark, args.database, (MAP, OWNERS))
    inputs, before = read_of(spark, args.database, config["identity"], barriers), marks.get(PLACED, Mark())
    is_done = args.full == "false" and before.seen == seen(spark, args.database, inputs)
    changed, suppressed = (NONE_CHANGED, 0) if is_done else place_all(spark, args, config, barriers)
    placed = Mark(read, before.seen if is_done else seen(spark, args.database, inputs))
    if read is not None and placed != before:
        commit_marks(spark, args.database, {PLACED: placed})
    # Also after a run that had nothing to do: the one before it may have died here.
    remember_erasure(spark, args.database, JOB, barriers.newest_erasure, marks)
    return {"rows_changed": changed} | ({"suppressed": suppressed} if suppressed else {})


def main() -> None:
    spark = start(JOB)
    print(json.dumps({"job": JOB, **run_job(spark, arguments(sys.argv[1:]))}))


if __name__ == "__main__":
    main()
