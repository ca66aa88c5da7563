"""RFM: how recently, how often and for how much people buy, counted in days as by the Python package lifetimes."""

from datetime import date

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.marts.event_rows import SUM, main_currency

BASE = (
    "profile_id",
    "first_order_day",
    "last_order_day",
    "frequency",
    "recency",
    "monetary_value",
    "orders",
    "revenue",
    "currency",
)
SEGMENTS = (
    ("champions", (4, 5), (4, 5)),
    ("potential_loyalists", (4, 5), (2, 3)),
    ("new", (4, 5), (1, 1)),
    ("loyal", (3, 3), (4, 5)),
    ("needs_attention", (3, 3), (2, 3)),
    ("about_to_sleep", (3, 3), (1, 1)),
    ("at_risk", (1, 2), (4, 5)),
    ("hibernating", (1, 2), (2, 3)),
    ("lost", (1, 2), (1, 1)),
)
"""Name, bounds of the recency score, and bounds of the mean of the other two, rounded up."""


def purchases(orders: DataFrame, until: date | None) -> DataFrame:
    """A person's orders up to a day, that day included, as one row; it does not depend on other people.

    Orders of one day count as one. The first day does not count for frequency and monetary value, which is 0 for people
    who bought on one day only. Amounts are those in the person's main currency: days with orders only in others count
    for frequency and recency, not for money.
    """
    first = F.min("day").over(Window.partitionBy("profile_id"))
    days = days_with_orders(orders if until is None else orders.where(F.col("day") <= date_of(until)))
    of_person = ("profile_id", F.col("main").alias("currency"), "first_order_day", "orders", "revenue")
    repeat = F.when(F.col("day") > F.col("first_order_day"), F.col("amount"))
    counted = (
        days.withColumn("first_order_day", first)
        .groupBy(*of_person)
        .agg(
            F.max("day").alias("last_order_day"),
            (F.count("*") - 1).alias("frequency"),
            F.sum(repeat).cast(SUM).alias("repeat"),
            F.count(repeat).alias("repeats"),
        )
    )
    mean = F.when(F.col("repeats") > 0, F.col("repeat").cast("decimal(27,4)") / F.col("repeats").cast("decimal(10,0)"))
    monetary_value = F.coalesce(mean, F.lit(0)).cast("decimal(28,10)")
    recency = F.datediff("last_order_day", "first_order_day")
    return counted.withColumns({"recency": recency, "monetary_value": monetary_value}).select(*BASE)


def days_with_orders(orders: DataFrame) -> DataFrame:
    """One row for each person and day with orders: the day's amount in the person's main currency (`main`)."""
    mains = main_currency(orders).select("profile_id", F.col("currency").alias("main"), "orders", "revenue")
    amount = F.sum(F.when(F.col("currency") == F.col("main"), F.col("amount"))).cast(SUM)
    whole = orders.join(mains, "profile_id").groupBy("profile_id", "main", "orders", "revenue", "day")
    return whole.agg(amount.alias("amount"))


def rfm(bought: DataFrame, until: date | None, received: date | None = None) -> DataFrame:
    """The mart from everyone's purchases.

    Observation ends `until`, or with the last order, but not after the day on which the last event was `received`.
    """
    bought = bought.localCheckpoint()
    last = F.least(F.max("last_order_day"), date_of(received))
    end = date_of(until) if until else F.lit(bought.agg(last.cast("string")).first()[0]).cast("date")
    age = F.greatest(F.datediff(end, "first_order_day"), F.lit(0))
    scored = bought.withColumns({"t": age, "observed_until": end})
    for name, key in (
        ("r_score", ["last_order_day"]),
        ("f_score", ["frequency"]),
        ("m_score", ["currency", "revenue"]),
    ):
        scored = scored.join(scores(bought, name, key), key)
    return scored.withColumn("segment", segment(F.col("r_score"), F.ceil((F.col("f_score") + F.col("m_score")) / 2)))


def date_of(day: date | None) -> Expression:
    """A day as Spark reads it: Python writes years before 1000 without leading zeros where PySpark asks for a date."""
    return F.lit(day and day.isoformat()).cast("date")


def scores(rows: DataFrame, name: str, key: list[str]) -> DataFrame:
    """A score of 1 to 5 for each value of the key's last column: the fifth of its group that has less."""
    *among, value = key
    # Distinct values are ranked: they are far fewer than people.
    counts = rows.groupBy(*key).agg(F.count("*").alias("people"))
    below = F.coalesce(
        F.sum("people").over(Window.partitionBy(*among).orderBy(value).rowsBetween(Window.unboundedPreceding, -1)),
        F.lit(0),
    )
    others = F.sum("people").over(Window.partitionBy(*among)) - 1
    score = F.least(F.lit(5), 1 + F.expr("5 * below div greatest(others, 1)")).cast("int")
    return counts.withColumns({"below": below, "others": others}).select(*key, score.alias(name))


def segment(recency: Expression, rest: Expression) -> Expression:
    """The named segment of two scores."""
    return F.coalesce(*(F.when(recency.between(*r) & rest.between(*fm), name) for name, r, fm in SEGMENTS))
