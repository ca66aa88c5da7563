"""`events`, `event_profiles` and `profiles` to the marts: what changed since the last run is made again, the rest stays.

    marts.py --database <database> [--config <file with the lake's configuration, JSON>] [--only sessions,rfm] [--full]

Whatever dies when, running it again gives the same tables: each mart is replaced in one commit, and what was seen is written last.
A run of only some marts is not remembered, so the next whole run makes all that changed again, these included.
"""

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.marts.attribution import attribution
from cdp.marts.customer_360 import ACTIVITY, activity, customer_360
from cdp.marts.daily_activity import daily_activity
from cdp.marts.event_rows import orders_of
from cdp.marts.funnels import funnels, read_funnels
from cdp.marts.revenue import revenue
from cdp.marts.rfm import BASE, purchases, rfm
from cdp.marts.run import Run, Settings, of_days
from cdp.marts.segment_membership import segment_membership
from cdp.marts.sessions import sessions
from cdp.marts.state import PERSON
from cdp.spark.count_end import count_end
from cdp.spark.session import start
from cdp.tables.schema import ensure_tables, read_table

JOB = "marts"
AT_ONCE = 3
INPUTS = ("events", "event_profiles", "profiles")


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are passed over, and not read as short for these."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--only", type=chosen, default=MARTS, help=f"some of {','.join(MARTS)}")
    parser.add_argument("--full", action="store_true", help="make everything anew")
    parser.add_argument("--config", help="file with the lake's configuration, JSON; its `marts` hold where this run is not told otherwise")
    parser.add_argument("--session-minutes", type=positive, help="a pause so long ends a session")
    parser.add_argument("--lookback-days", type=positive, help="touches so long before an order are credited")
    parser.add_argument("--until", type=date.fromisoformat, help="day with which the observation of RFM ends; default: that of the last order")
    parser.add_argument("--funnels", type=lambda text: read_funnels(json.loads(text)), help="JSON: a list of objects with name, steps and days")
    return parser.parse_known_args(given)[0]


def chosen(text: str) -> tuple[str, ...]:
    """The marts named, in the order in which they are made."""
    names = {name.strip() for name in text.split(",")}
    if unknown := names - set(MARTS):
        raise argparse.ArgumentTypeError(f"no mart is named {', '.join(sorted(unknown))}; there are {', '.join(MARTS)}")
    return tuple(name for name in MARTS if name in names)


def positive(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return int(text)


def settings(args: argparse.Namespace) -> Settings:
    """As this run is told, or else as it is configured, or else the defaults."""
    marts = {} if args.config is None else json.loads(Path(args.config).read_text("utf-8")).get("marts", {})
    configured = {"session_minutes": marts.get("sessionMinutes"), "lookback_days": marts.get("lookbackDays"), "funnels": read_funnels(marts["funnels"]) if "funnels" in marts else None}
    told = {name: getattr(args, name) for name in ("session_minutes", "lookback_days", "until", "funnels")}
    return Settings(**{name: value for given in (configured, told) for name, value in given.items() if value is not None})


def stored(run: Run, name: str) -> DataFrame:
    return run.spark.table(run.name(name))


def write_sessions(run: Run) -> int:
    made = sessions(run.event_rows, run.settings.session_minutes)
    return run.replace(read_table("sessions"), made, run.of_people(stored(run, "sessions")))


def write_daily_activity(run: Run) -> int:
    days = run.active_days
    first_days = run.seen.where(F.col("kind") == PERSON).select("first_day")
    made = daily_activity(of_days(run.event_rows_by_day, days), first_days, of_days(stored(run, "sessions"), days, "started_at"))
    return run.replace(read_table("daily_activity"), made, of_days(stored(run, "daily_activity"), days))


def write_rfm(run: Run) -> int:
    bought = purchases(orders_of(run.event_rows), run.settings.until)
    if run.people is not None:
        bought = bought.unionByName(stored(run, "rfm").join(run.people, "profile_id", "left_anti").select(*BASE))
    received = None if run.data_until is None else run.data_until.date()
    return run.replace(read_table("rfm"), rfm(bought, run.settings.until, received), None)


def write_revenue(run: Run) -> int:
    days = run.order_days
    return run.replace(read_table("revenue"), revenue(of_days(run.event_rows_by_day, days), run.first_orders), of_days(stored(run, "revenue"), days))


def write_funnels(run: Run) -> int:
    days = run.entry_days
    # Facts of more days lead no one further: a step counts only within the window.
    made = of_days(funnels(run.event_rows_by_day, run.settings.funnels), days)
    return run.replace(read_table("funnels"), made, of_days(stored(run, "funnels"), days))


def write_attribution(run: Run) -> int:
    made = attribution(orders_of(run.event_rows), run.of_people(stored(run, "sessions")), run.lookback)
    return run.replace(read_table("attribution"), made, run.of_people(stored(run, "attribution")))


def write_segment_membership(run: Run) -> int:
    table = read_table("segment_membership")
    if run.data_until is None:
        return 0
    still_open = stored(run, table.name).where("exited_at is null")
    return run.replace(table, segment_membership(run.profiles, still_open, run.data_until), still_open)


def write_customer_360(run: Run) -> int:
    table = read_table("customer_360")
    people = run.profiles.where("collection = 'users'").select("profile_id") if run.people is None else run.people
    made = activity(people, run.event_rows, run.of_people(stored(run, "sessions")), run.of_people(stored(run, "attribution")))
    if run.people is not None:
        made = made.unionByName(stored(run, table.name).join(run.people, "profile_id", "left_anti").select("profile_id", *ACTIVITY))
    names = [column.name for column in table.columns if column.name not in ACTIVITY]
    return run.replace(table, customer_360(run.profiles, made, stored(run, "rfm"), names), None)


STAGES: tuple[dict[str, Callable[[Run], int]], ...] = (
    {"sessions": write_sessions, "rfm": write_rfm, "revenue": write_revenue, "funnels": write_funnels, "segment_membership": write_segment_membership},
    {"daily_activity": write_daily_activity, "attribution": write_attribution},
    {"customer_360": write_customer_360},
)
"""Marts of one stage are made at once, from the inputs and the marts of earlier stages."""
MARTS = tuple(name for stage in STAGES for name in stage)
OF_EVENTS = set(MARTS) - {"segment_membership", "customer_360"}
"""Marts that cannot have changed when no event has."""


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict[str, int]:
    """One run; gives how many rows of each mart were added, changed or removed."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    ensure_tables(spark, args.database, map(read_table, (*INPUTS, *MARTS)))
    run = Run(spark, args.database, settings(args), args.full)
    run.forget()
    changed = {}
    for stage in STAGES:
        changed |= write_stage(run, {name: write for name, write in stage.items() if name in args.only})
    if len(args.only) == len(MARTS):
        run.remember()
    return changed


def write_stage(run: Run, stage: dict[str, Callable[[Run], int]]) -> dict[str, int]:
    """Writes marts side by side; gives how many rows of each were added, changed or removed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rows = pool.map(lambda name: 0 if name in OF_EVENTS and run.is_unchanged else stage[name](run), stage)
        return dict(zip(stage, rows, strict=True))


def main() -> None:
    spark = start(JOB)
    print(json.dumps({"job": JOB, "rows_changed": run_job(spark, arguments(sys.argv[1:]))}))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
