"""Remembers what the marts last saw, and finds the people and days whose events changed since.

An event that came late, moved to another person by a merge, or was erased changes the fingerprints of its person and
day.
"""

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.tables.few_rows import few_rows

PERSON, DAY, SETTINGS = "person", "day", "settings"
COLUMNS = ("kind", "key", "events", "fingerprint", "first_day", "first_order_day")


@dataclass(frozen=True)
class Touched:
    """What changed: people, as a table of `profile_id`.

    Days; and days between which someone's first event or order moved.
    """

    people: DataFrame
    days: frozenset[date]
    moved_first: frozenset[date]


def seen(owned: DataFrame) -> DataFrame:
    """People and days with the number and the fingerprint of their events."""
    by_person = owned.groupBy(F.lit(PERSON).alias("kind"), F.col("profile_id").alias("key")).agg(
        F.count("*").alias("events"),
        F.bit_xor(F.xxhash64("event_id", "timestamp", "received_at")).alias("fingerprint"),
        F.min("day").alias("first_day"),
    )
    by_day = owned.groupBy(F.lit(DAY).alias("kind"), F.col("day").cast("string").alias("key")).agg(
        F.count("*").alias("events"),
        F.bit_xor(F.xxhash64("event_id", "profile_id", "timestamp")).alias("fingerprint"),
        F.lit(None).cast("date").alias("first_day"),
    )
    return by_person.union(by_day)


def touched_since(stored: DataFrame, now: DataFrame) -> Touched:
    """Differences between what was last seen and what is there now."""
    counts_as = F.struct("events", "fingerprint", "first_day").alias
    both = now.select("kind", "key", counts_as("now")).join(
        stored.select("kind", "key", counts_as("stored")), ["kind", "key"], "full"
    )
    differing = both.where(~F.col("now").eqNullSafe(F.col("stored"))).localCheckpoint()
    people = differing.where(F.col("kind") == PERSON)
    days = dates(differing.where(F.col("kind") == DAY).select(F.col("key").cast("date")))
    return Touched(
        people.select(F.col("key").alias("profile_id")),
        days,
        moved(people.select("stored.first_day", F.col("now.first_day").alias("first_now"))),
    )


def moved(pairs: DataFrame) -> frozenset[date]:
    """Both days of each pair that differs."""
    before, after = (F.col(f"`{name}`") for name in pairs.columns)
    return dates(pairs.where(~before.eqNullSafe(after)).select(F.explode(F.array(before, after)))) - {None}


def dates(column: DataFrame) -> frozenset[date]:
    return frozenset(row[0] for row in column.distinct().collect())


def around(days: frozenset[date], before: int, after: int) -> frozenset[date]:
    """The days and this many before and after each, within the calendar: clients send any year."""
    ordinals = {ordinal for day in days for ordinal in range(day.toordinal() - before, day.toordinal() + after + 1)}
    return frozenset(date.fromordinal(ordinal) for ordinal in ordinals if 1 <= ordinal <= date.max.toordinal())


def first_orders(stored: DataFrame, touched: DataFrame | None, orders: DataFrame) -> DataFrame:
    """Each person's first day with an order.

    `orders` are those of the people touched (None: everyone); others stay as stored.
    """
    fresh = orders.groupBy("profile_id").agg(F.min("day").alias("first_order_day"))
    if touched is None:
        return fresh
    people = stored.where((F.col("kind") == PERSON) & F.col("first_order_day").isNotNull())
    return fresh.unionByName(
        people.select(F.col("key").alias("profile_id"), "first_order_day").join(touched, "profile_id", "left_anti")
    )


def to_remember(now: DataFrame, first_order: DataFrame, settings: str) -> DataFrame:
    """Rows of the table `mart_state`."""
    orders = first_order.select(F.lit(PERSON).alias("kind"), F.col("profile_id").alias("key"), "first_order_day")
    columns = "kind string, key string, events bigint, fingerprint bigint, first_day date, first_order_day date"
    settings_row = few_rows(
        now.sparkSession, columns, [{"kind": SETTINGS, "key": settings, "events": 0, "fingerprint": 0}]
    )
    return now.join(orders, ["kind", "key"], "left").select(*COLUMNS).unionByName(settings_row)
