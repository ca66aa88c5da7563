"""Makes the marts from `events`, `event_profiles`, `profiles` and `identity_log`: what changed is made again.

    marts.py --database <database> [--config <file with the lake's configuration, JSON>]
        [--lake s3://<bucket>] [--only sessions,rfm] [--full]

Given the lake, it also appends new attempts to deliver to `deliveries`, and finds destinations that fell silent.

After any crash, running it again gives the same tables: each mart is replaced in one commit, and what was seen is
remembered last. A run of only some marts is not remembered, so the next whole run makes all that changed again, these
included.
"""

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

from cdp.barriers.erasures_seen import remember_erasure, seen_by
from cdp.deliveries.attempts import end, read_attempts
from cdp.deliveries.silence import silent_destinations
from cdp.marts.funnels import read_funnels
from cdp.marts.run import Run
from cdp.marts.settings import Settings
from cdp.marts.stages import MARTS, OF_EVENTS, STAGES
from cdp.raw.append_lines import append_lines
from cdp.spark.count_end import count_end, count_silent
from cdp.spark.session import start
from cdp.tables.schema import ensure_tables, read_table
from cdp.tables.watermark import read_marks

JOB, AT_ONCE = "marts", 3
INPUTS = ("events", "event_profiles", "profiles", "identity_log")


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored and never count as short for these."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", help="address of the bucket that has deliveries/")
    parser.add_argument(
        "--delivery-days", type=positive, default=90, help="days that attempts to deliver are kept; default: 90"
    )
    parser.add_argument("--only", type=chosen, default=MARTS, help=f"some of {','.join(MARTS)}")
    parser.add_argument("--full", action="store_true", help="make all marts again")
    parser.add_argument(
        "--config",
        help="file with the lake's configuration, JSON; its `marts` apply unless this run has an argument",
    )
    parser.add_argument("--session-minutes", type=positive, help="a pause this long ends a session")
    parser.add_argument("--lookback-days", type=positive, help="touches up to this long before an order get credit")
    parser.add_argument(
        "--until", type=date.fromisoformat, help="last day that RFM observes; default: the day of the last order"
    )
    parser.add_argument(
        "--funnels",
        type=lambda text: read_funnels(json.loads(text)),
        help="JSON: a list of objects with `name`, `steps` and `days`",
    )
    return parser.parse_known_args(given)[0]


def chosen(text: str) -> tuple[str, ...]:
    """The named marts, in the order in which they are made."""
    names = {name.strip() for name in text.split(",")}
    if unknown := names - set(MARTS):
        raise argparse.ArgumentTypeError(f"no mart is named {', '.join(sorted(unknown))}; there are {', '.join(MARTS)}")
    return tuple(name for name in MARTS if name in names)


def positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return int(text)


def read_config(args: argparse.Namespace) -> dict:
    return {} if args.config is None else json.loads(Path(args.config).read_text("utf-8"))


def settings(args: argparse.Namespace) -> Settings:
    """Settings as this run is told, else as configured, else the defaults."""
    marts = read_config(args).get("marts", {})
    configured = {
        "session_minutes": marts.get("sessionMinutes"),
        "lookback_days": marts.get("lookbackDays"),
        "funnels": read_funnels(marts["funnels"]) if "funnels" in marts else None,
    }
    told = {name: getattr(args, name) for name in ("session_minutes", "lookback_days", "until", "funnels")}
    return Settings(
        **{name: value for given in (configured, told) for name, value in given.items() if value is not None}
    )


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict[str, int]:
    """One run; gives how many rows of each mart were added, changed or removed."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    ensure_tables(spark, args.database, map(read_table, (*INPUTS, *MARTS)))
    marks = read_marks(spark, args.database)
    run = Run(spark, args.database, settings(args), args.full)
    run.forget()
    changed = {}
    for stage in STAGES:
        changed |= write_stage(run, {name: write for name, write in stage.items() if name in args.only})
    if len(args.only) == len(MARTS):
        run.remember()
        remember_erasure(spark, args.database, JOB, seen_by("profiles", marks), marks)
    return changed


def write_stage(run: Run, stage: dict[str, Callable[[Run], int]]) -> dict[str, int]:
    """Writes marts at once; gives how many rows of each were added, changed or removed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = pool.map(lambda name: 0 if name in OF_EVENTS and run.is_unchanged else stage[name](run), stage)
        return dict(zip(stage, rows, strict=True))


def write_deliveries(spark: SparkSession, args: argparse.Namespace, now: datetime) -> tuple[int, list[str]]:
    """Appends new attempts and ends old ones; gives how many were added, and who fell silent."""
    table, zone, name = read_table("deliveries"), f"{args.lake}/deliveries", f"lake.{args.database}.deliveries"
    added = append_lines(spark, args.database, zone, job="deliveries", table=table, rows=read_attempts, now=now)
    end(spark, name, now, args.delivery_days)
    attempts, log = spark.table(name), spark.table(f"lake.{args.database}.identity_log")
    return added, silent_destinations(attempts, log, read_config(args).get("destinations", []), now)


def main() -> None:
    spark, args = start(JOB), arguments(sys.argv[1:])
    changed, silent = run_job(spark, args), []
    if args.lake is not None:
        changed["deliveries"], silent = write_deliveries(spark, args, datetime.now(UTC))
        count_silent(boto3.client, len(silent), sys.argv[1:])
    print(json.dumps({"job": JOB, "rows_changed": changed, "silent_destinations": silent}))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
