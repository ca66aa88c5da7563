"""Daily activity: what people did each day, UTC."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.marts.event_rows import ORDER, SUM, is_track, orders_of

CALLS = {
    "track": "tracks",
    "identify": "identifies",
    "page": "pages",
    "screen": "screens",
    "group": "groups",
    "alias": "aliases",
}


def daily_activity(event_rows: DataFrame, first_days: DataFrame, sessions: DataFrame) -> DataFrame:
    """One row for each day of the events. `first_days` has people's `first_day`; `sessions` may have more days."""
    counts = event_rows.groupBy("day").agg(
        F.countDistinct("profile_id").alias("active_profiles"),
        F.count("*").alias("events"),
        *(F.count(F.when(F.col("type") == call, 1)).alias(name) for call, name in CALLS.items()),
        F.count(F.when(is_track(ORDER), 1)).alias("orders"),
    )
    newcomers = first_days.groupBy(F.col("first_day").alias("day")).agg(F.count("*").alias("new_profiles"))
    visits = sessions.groupBy(F.to_date("started_at").alias("day")).agg(F.count("*").alias("sessions"))
    joined = (
        counts.join(newcomers, "day", "left")
        .join(visits, "day", "left")
        .join(revenue_by_currency(event_rows), "day", "left")
    )
    nothing = F.array().cast(f"array<struct<currency:string,revenue:{SUM}>>")
    return joined.na.fill(0, ["new_profiles", "sessions"]).withColumn("revenue", F.coalesce("revenue", nothing))


def revenue_by_currency(event_rows: DataFrame) -> DataFrame:
    paid = orders_of(event_rows).groupBy("day", "currency").agg(F.sum("amount").cast(SUM).alias("revenue"))
    return paid.groupBy("day").agg(F.sort_array(F.collect_list(F.struct("currency", "revenue"))).alias("revenue"))
