"""Customer 360: one row for each person, with what all other marts know of them."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.marts.attribution import with_touch
from cdp.marts.event_rows import main_currency

TOUCH = ("at", "source", "medium", "campaign")
COUNTS = ("sessions", "pages", "orders")
SCORES = ("frequency", "recency", "t", "monetary_value", "r_score", "f_score", "m_score")
ACTIVITY = (
    *(*COUNTS, "currency", "revenue", "first_session_at", "last_session_at", "favourite_category"),
    *(f"{place}_touch_{part}" for place in ("first", "last") for part in TOUCH),
)
"""Columns that follow from the person's events alone."""


def activity(people: DataFrame, event_rows: DataFrame, sessions: DataFrame, attribution: DataFrame) -> DataFrame:
    """What people's events add up to, from their event rows and their rows of the other marts."""
    credited = attribution.where("model = 'last'")
    orders = credited.select("profile_id", "currency", F.col("credit").alias("amount"))
    counted = orders.groupBy("profile_id").agg(F.count("*").alias("orders"))
    parts = (visits(sessions), counted, main_currency(orders).drop("orders"), favourites(event_rows))
    joined = reduce(lambda rows, part: rows.join(part, "profile_id", "left"), parts, people)
    return joined.na.fill(0, list(COUNTS)).select("profile_id", *ACTIVITY)


def visits(sessions: DataFrame) -> DataFrame:
    """Counts, and the first and the last touch: sessions with a source, or any session if there is none."""
    touch = F.struct(F.col("started_at").alias("at"), "session_id", "source", "medium", "campaign")
    told = (
        with_touch(sessions)
        .groupBy("profile_id")
        .agg(
            F.count("*").alias("sessions"),
            F.sum("pages").alias("pages"),
            F.min("started_at").alias("first_session_at"),
            F.max("started_at").alias("last_session_at"),
            *(
                F.coalesce(best(F.when(F.col("is_touch"), touch)), best(touch)).alias(f"{place}_touch")
                for place, best in (("first", F.min), ("last", F.max))
            ),
        )
    )
    return told.withColumns(
        {f"{place}_touch_{part}": F.col(f"{place}_touch.{part}") for place in ("first", "last") for part in TOUCH}
    )


def favourites(event_rows: DataFrame) -> DataFrame:
    """The category of most of a person's events; of several the first by name."""
    counted = (
        event_rows.where("category is not null").groupBy("profile_id", "category").agg((-F.count("*")).alias("rank"))
    )
    return (
        counted.groupBy("profile_id")
        .agg(F.min(F.struct("rank", "category")).alias("best"))
        .select("profile_id", F.col("best.category").alias("favourite_category"))
    )


def customer_360(profiles: DataFrame, activities: DataFrame, rfm: DataFrame, names: list[str]) -> DataFrame:
    """The mart, with the columns `names` of the profiles that have them."""
    people = profiles.where("collection = 'users'")
    own = people.select("profile_id", *(name for name in names if name in people.columns and name != "profile_id"))
    scores = rfm.select("profile_id", *SCORES, F.col("segment").alias("rfm_segment"))
    return own.join(activities, "profile_id", "left").join(scores, "profile_id", "left").na.fill(0, list(COUNTS))
