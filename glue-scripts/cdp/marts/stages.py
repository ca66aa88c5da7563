"""Writes each mart from what a run knows, in the order in which marts need each other."""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.marts.attribution import attribution
from cdp.marts.customer_360 import ACTIVITY, activity, customer_360
from cdp.marts.daily_activity import daily_activity
from cdp.marts.days import of_days
from cdp.marts.event_rows import orders_of, pinned
from cdp.marts.funnels import funnels
from cdp.marts.revenue import revenue
from cdp.marts.rfm import BASE, purchases, rfm
from cdp.marts.run import Run
from cdp.marts.segment_membership import segment_membership
from cdp.marts.sessions import sessions
from cdp.marts.state import PERSON
from cdp.tables.schema import read_table


def stored(run: Run, name: str) -> DataFrame:
    return run.spark.table(run.name(name))


def write_sessions(run: Run) -> int:
    made = sessions(run.event_rows, run.settings.session_minutes)
    return run.replace(read_table("sessions"), made, run.of_people(stored(run, "sessions")))


def write_daily_activity(run: Run) -> int:
    days = run.active_days
    first_days = run.seen.where(F.col("kind") == PERSON).select("first_day")
    made = daily_activity(
        of_days(run.event_rows_by_day, days), first_days, of_days(stored(run, "sessions"), days, "started_at")
    )
    return run.replace(read_table("daily_activity"), made, of_days(stored(run, "daily_activity"), days))


def write_rfm(run: Run) -> int:
    bought = purchases(orders_of(run.event_rows), run.settings.until)
    if run.people is not None:
        bought = bought.unionByName(stored(run, "rfm").join(run.people, "profile_id", "left_anti").select(*BASE))
    received = None if run.data_until is None else run.data_until.date()
    return run.replace(read_table("rfm"), rfm(bought, run.settings.until, received), None)


def write_revenue(run: Run) -> int:
    days = run.order_days
    return run.replace(
        read_table("revenue"),
        revenue(of_days(run.event_rows_by_day, days), run.first_orders),
        of_days(stored(run, "revenue"), days),
    )


def write_funnels(run: Run) -> int:
    days = run.entry_days
    # Events of more days lead no one further: a step counts only within the window.
    made = of_days(funnels(run.event_rows_by_day, run.settings.funnels), days)
    return run.replace(read_table("funnels"), made, of_days(stored(run, "funnels"), days))


def write_attribution(run: Run) -> int:
    made = attribution(orders_of(run.event_rows), run.of_people(stored(run, "sessions")), run.lookback)
    return run.replace(read_table("attribution"), made, run.of_people(stored(run, "attribution")))


def write_segment_membership(run: Run) -> int:
    table = read_table("segment_membership")
    if run.data_until is None:
        return 0
    log = pinned(run.spark, run.name("identity_log"))
    return run.replace(table, *segment_membership(run.profiles, stored(run, table.name), log, run.data_until))


def write_customer_360(run: Run) -> int:
    table = read_table("customer_360")
    people = run.profiles.where("collection = 'users'").select("profile_id") if run.people is None else run.people
    made = activity(
        people, run.event_rows, run.of_people(stored(run, "sessions")), run.of_people(stored(run, "attribution"))
    )
    if run.people is not None:
        made = made.unionByName(
            stored(run, table.name).join(run.people, "profile_id", "left_anti").select("profile_id", *ACTIVITY)
        )
    names = [column.name for column in table.columns if column.name not in ACTIVITY]
    return run.replace(table, customer_360(run.profiles, made, stored(run, "rfm"), names), None)


STAGES: tuple[dict[str, Callable[[Run], int]], ...] = (
    {
        "sessions": write_sessions,
        "rfm": write_rfm,
        "revenue": write_revenue,
        "funnels": write_funnels,
        "segment_membership": write_segment_membership,
    },
    {"daily_activity": write_daily_activity, "attribution": write_attribution},
    {"customer_360": write_customer_360},
)
"""Marts of one stage are made at once, from the inputs and the marts of earlier stages."""
MARTS = tuple(name for stage in STAGES for name in stage)
OF_EVENTS = set(MARTS) - {"segment_membership", "customer_360"}
"""Marts that cannot have changed when no event has."""
