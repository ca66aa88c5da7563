"""Finds people who share no identifier and are probably one: `profiles` to `identity_suggestions`.

    matches.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        --stream <event stream>

A model learns from their traits. Pairs that are sure enough, and that the identity rules allow, go to the event stream,
where the ordinary rules make them one person. Running it again writes only what differs and sends the same events,
which count once.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.barriers.asked import add_option, ask
from cdp.barriers.erasures_seen import remember_erasure, seen_by
from cdp.barriers.told import Gate
from cdp.matching.links import LINKED, SUGGESTED, decisions
from cdp.matching.match_event import match_event
from cdp.matching.model import scored
from cdp.matching.person_values import kinds_of, person_values
from cdp.matching.training import Untrainable
from cdp.spark.count_end import count_end
from cdp.spark.session import start
from cdp.stream.put_events import send
from cdp.tables.replace_rows import replace_rows
from cdp.tables.schema import ensure_table, read_table
from cdp.tables.watermark import read_marks

JOB = "matches"
SUGGESTIONS, PROFILES, LOG = (read_table(name) for name in ("identity_suggestions", "profiles", "identity_log"))
LEAST_PEOPLE = 200
"""Fewer people with values to compare teach nothing."""
Send = Callable[[Iterator[str]], int]


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument(
        "--config", required=True, help="file with the lake's configuration, JSON: its `identity` with `matching`"
    )
    parser.add_argument("--lake", required=True, help="address of the bucket that has barriers/")
    parser.add_argument("--stream", required=True, help="Kinesis stream of events")
    add_option(parser)
    return parser.parse_known_args(given)[0]


def matches(spark: SparkSession, database: str, rules: dict) -> DataFrame:
    """Pairs with their decisions. Raises Untrainable."""
    profiles, log = (spark.table(f"lake.{database}.{name}") for name in ("profiles", "identity_log"))
    kinds = kinds_of(rules["matching"]["traits"])
    values = (
        person_values(profiles, rules["matching"]["traits"]).where(F.coalesce(*kinds).isNotNull()).localCheckpoint()
    )
    if (people := values.count()) < LEAST_PEOPLE:
        raise Untrainable(f"{people} people have values to compare, and {LEAST_PEOPLE} are needed to learn from")
    parted = log.where("kind = 'unmerge'").select("profile_id", "apart")
    return decisions(
        scored(values, kinds, rules["matching"]["suggestAbove"]),
        values.select("profile_id", "identifiers", "last_seen"),
        parted,
        rules,
    )


def run_job(spark: SparkSession, args: argparse.Namespace, to_stream: Send, now: datetime) -> dict[str, object]:
    """One run; gives how many rows changed, how many pairs each decision has, and how many were sent."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    rules, marks = json.loads(Path(args.config).read_text("utf-8"))["identity"], read_marks(spark, args.database)
    names = {table.name: ensure_table(spark, args.database, table) for table in (PROFILES, LOG, SUGGESTIONS)}
    told, none = {}, spark.table(names[SUGGESTIONS.name]).limit(0)
    try:
        pairs = matches(spark, args.database, rules).localCheckpoint()
    except Untrainable as reason:
        pairs, told = none, {"message": f"nothing was matched: {reason}"}
    changed = replace_rows(spark, names[SUGGESTIONS.name], SUGGESTIONS, pairs)
    counts = {row.decision: row["count"] for row in pairs.groupBy("decision").count().collect()}
    # After the table, so that it shows what was sent, whatever happens next.
    sent = (
        to_stream(
            match_event(pair.asDict(), now) for pair in pairs.where(F.col("decision") == LINKED).toLocalIterator()
        )
        if counts.get(LINKED)
        else 0
    )
    remember_erasure(spark, args.database, JOB, seen_by("profiles", marks), marks)
    spark.catalog.clearCache()
    return {
        "rows_changed": changed,
        "linked": counts.get(LINKED, 0),
        "suggested": counts.get(SUGGESTED, 0),
        "sent": sent,
        **told,
    }


def sender(stream: str, gate: Gate) -> Send:
    """Puts lines on the stream, with longer and longer pauses between attempts."""
    kinesis = boto3.client("kinesis")
    return lambda lines: send(
        kinesis, stream, gate.let_pass(lines), lambda attempt: time.sleep(min(0.1 * 2**attempt, 5))
    )


def main() -> None:
    args = arguments(sys.argv[1:])
    spark = start(JOB)
    gate = Gate(ask(spark, args, boto3.client), json.loads(Path(args.config).read_text("utf-8")))
    told = run_job(spark, args, sender(args.stream, gate), datetime.now(UTC))
    print(json.dumps({"job": JOB, **told, **gate.report()}))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
