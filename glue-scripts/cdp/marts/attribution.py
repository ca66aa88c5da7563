"""Attribution: which touch earned each order, by three models: the first touch, the last touch, and all alike."""

from datetime import timedelta

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.marts.event_rows import MONEY

HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]+)"


def with_touch(sessions: DataFrame) -> DataFrame:
    """Adds `is_touch`, whether a campaign or site led to the session, and its `source`, `medium` and `campaign`."""
    campaign = F.coalesce("campaign_source", "campaign_medium", "campaign_name", "click_id_kind").isNotNull()
    referred = ~F.coalesce("referrer_kind", F.lit("direct")).isin("direct", "internal")
    host = F.nullif(F.lower(F.regexp_extract("page_referrer", HOST, 1)), F.lit(""))
    return sessions.withColumns(
        {
            "is_touch": campaign | referred,
            "source": F.when(
                campaign | referred,
                F.coalesce(
                    "campaign_source",
                    "click_id_kind",
                    F.when(referred, F.coalesce(host, "referrer_kind")),
                    F.lit("unknown"),
                ),
            ).otherwise("direct"),
            "medium": F.when(
                campaign | referred, F.coalesce("campaign_medium", F.when(referred, F.col("referrer_kind")))
            ),
            "campaign": F.col("campaign_name"),
        }
    )


def attribution(orders: DataFrame, sessions: DataFrame, lookback: timedelta) -> DataFrame:
    """One row for each order, model and touch. A model's credits add up to the order's amount, to the last digit.

    Touches are the person's sessions that began at most `lookback` before the order. An order without any is credited
    to `direct`.
    """
    touches = (
        with_touch(sessions)
        .where("is_touch")
        .select("profile_id", "session_id", "started_at", "source", "medium", "campaign")
    )
    ordered = orders.withColumnRenamed("timestamp", "ordered_at")
    within = (F.col("started_at") <= F.col("ordered_at")) & (
        F.col("started_at") >= F.col("ordered_at") - F.lit(lookback)
    )
    joined = ordered.join(
        touches.withColumnRenamed("profile_id", "visitor"), (F.col("profile_id") == F.col("visitor")) & within, "left"
    )
    of_order = Window.partitionBy("event_id")
    placed = joined.withColumns(
        {
            "position": F.row_number().over(of_order.orderBy("started_at", "session_id")),
            "touches": F.count("session_id").over(of_order),
            "source": F.coalesce("source", F.lit("direct")),
        }
    )
    return with_credits(placed).drop("visitor", "started_at", "day", "amount")


def with_credits(placed: DataFrame) -> DataFrame:
    """One row for each model that credits the touch. The last of equal parts gets the remainder."""
    steps = F.greatest("touches", F.lit(1))
    is_last = F.col("position") == steps
    units = (F.col("amount") * 10_000).cast("bigint")
    models = placed.withColumn("units", units).withColumn("steps", steps).withColumn("part", F.expr("units div steps"))
    linear = F.when(is_last, F.col("units") - F.col("part") * (F.col("steps") - 1)).otherwise(F.col("part"))
    credits = [
        ("first", F.col("position") == 1, F.col("units")),
        ("last", is_last, F.col("units")),
        ("linear", F.lit(True), linear),
    ]
    rows = F.array(
        *(
            F.when(credited, F.struct(F.lit(model).alias("model"), credit.alias("credit")))
            for model, credited, credit in credits
        )
    )
    exploded = models.withColumn("row", F.explode(rows)).where("row is not null").drop("units", "steps", "part")
    as_money = (F.col("row.credit").cast("decimal(20,0)") * F.lit("0.0001").cast("decimal(5,4)")).cast(MONEY)
    return exploded.withColumn("model", F.col("row.model")).withColumn("credit", as_money).drop("row")
