"""Resolves identities: `sightings` and the log to `identity_log`, `identity_map`, `event_profiles` and components.

    identities.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>

Events are placed in the order in which they happened, not in which they arrived. A run places whom new events and new
entries of the log reach, and everybody where the last run does not say who that is; it writes only what differs.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

from cdp.barriers.asked import Client, add_option, ask
from cdp.barriers.erasures_seen import remember_erasure
from cdp.erasing.erased_ids import PLACES, reader_without_erased
from cdp.identity.identity_log import read_entries
from cdp.identity.sightings import SIGHTINGS, lacks
from cdp.placing.place import MADE, NOTHING, Run, left_by, look, place
from cdp.placing.placed import read_placed
from cdp.raw.append_lines import append_lines
from cdp.spark.session import start
from cdp.tables.schema import ensure_tables, read_table
from cdp.tables.seen import code, name_of
from cdp.tables.watermark import Mark, commit_marks, read_marks

JOB, PLACED = "identities", "placed"
LOG = read_table("identity_log")


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


def run_job(spark: SparkSession, args: argparse.Namespace, client: Client = boto3.client) -> dict[str, object]:
    """One run; gives what it did (`Done`).

    At its end it remembers how far `events` had read when it began: until there, every event has its profile. It
    remembers, too, what it read and wrote.
    """
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    rules = json.loads(Path(args.config).read_text("utf-8"))["identity"]
    marks = read_marks(spark, args.database)
    read, sighted = (marks.get(of, Mark()).watermark for of in ("events", SIGHTINGS))
    if lacks(read, sighted):
        raise NotRead("sightings lacks rows of events that an earlier release wrote: run the job events, then this one")
    barriers, now = ask(spark, args, client), datetime.now(UTC)
    entries = reader_without_erased(read_entries, spark, args.database, PLACES, until=barriers.newest_erasure)
    append_lines(spark, args.database, f"{args.lake}/identity_log", job=JOB, table=LOG, rows=entries, now=now)
    ensure_tables(spark, args.database, MADE)
    tables, found = look(spark, args.database, name_of(rules, barriers.name, code(__file__)))
    before, is_full = marks.get(PLACED, Mark()), args.full == "true"
    last, run = read_placed(before.seen), Run(spark, args.database, rules, barriers, tables)
    is_done = not is_full and last == found
    done = NOTHING if is_done else place(run, found, last, is_full)
    placed = Mark(read, before.seen if is_done else found.leaving(left_by(tables)).text)
    if read is not None and placed != before:
        commit_marks(spark, args.database, {PLACED: placed})
    # Also after a run that had nothing to do: the one before it may have died here.
    remember_erasure(spark, args.database, JOB, barriers.newest_erasure, marks)
    return done.told


def main() -> None:
    spark = start(JOB)
    print(json.dumps({"job": JOB, **run_job(spark, arguments(sys.argv[1:]))}))


if __name__ == "__main__":
    main()
