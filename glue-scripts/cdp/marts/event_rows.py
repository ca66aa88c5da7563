"""People's events with the columns from which marts are made."""

from datetime import date

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.tables.iceberg import head

ORDER, REFUND = "Order Completed", "Order Refunded"
MONEY, SUM = "decimal(18,4)", "decimal(28,4)"
"""An amount; and the sum of ten billion of the largest amounts."""
TAKEN = (
    "type",
    "event",
    "page_url",
    "page_referrer",
    "referrer_kind",
    "device_kind",
    "category",
    "campaign_source",
    "campaign_medium",
    "campaign_name",
    "click_id_kind",
)


def pinned(spark: SparkSession, name: str) -> DataFrame:
    """A table as it is now, however late in the run it is read."""
    newest = head(spark, name)
    return spark.table(name).limit(0) if newest is None else spark.read.option("snapshot-id", newest).table(name)


def people_events(event_profiles: DataFrame) -> DataFrame:
    """The person and the UTC day of each event."""
    return event_profiles.where("collection = 'users'").select(
        "event_id", "profile_id", "timestamp", "received_at", F.to_date("timestamp").alias("day")
    )


def read_event_rows(owned: DataFrame, events: DataFrame) -> DataFrame:
    """Rows of these events. Only the days on which they were received are read."""
    first, last = owned.agg(F.min(F.to_date("received_at")), F.max(F.to_date("received_at"))).first()
    if first is None:
        first = last = date(1970, 1, 1)
    spanned = events.where(F.col("received_at") >= F.lit(first)).where(
        F.col("received_at") < F.date_add(F.lit(last), 1)
    )
    is_view = F.col("type").isin("page", "screen")
    rows = spanned.select(
        "event_id",
        "message_id",
        "received_at",
        *TAKEN,
        is_view.alias("is_view"),
        F.coalesce("page_path", "page_url", F.when(is_view, F.col("name"))).alias("page"),
        F.coalesce("currency", F.lit("")).alias("currency"),
        F.coalesce("revenue", "total", F.lit(0)).cast(MONEY).alias("amount"),
    )
    # A message stored twice counts where it has an owner.
    return (
        owned.select("event_id", "received_at", "profile_id", "timestamp", "day")
        .join(rows, ["event_id", "received_at"])
        .drop("received_at")
    )


def orders_of(event_rows: DataFrame) -> DataFrame:
    """Completed orders, one row each."""
    return event_rows.where(is_track(ORDER)).select(
        "event_id", "message_id", "profile_id", "timestamp", "day", "currency", "amount"
    )


def is_track(event: str) -> Expression:
    return (F.col("type") == "track") & (F.col("event") == event)


def main_currency(orders: DataFrame) -> DataFrame:
    """The currency of most of a person's orders, the first by name of several; with their number and their revenue."""
    counted = orders.groupBy("profile_id", "currency").agg(
        F.count("*").alias("orders"), F.sum("amount").cast(SUM).alias("revenue")
    )
    best = F.min(F.struct((-F.col("orders")).alias("rank"), "currency", "orders", "revenue")).alias("best")
    return counted.groupBy("profile_id").agg(best).select("profile_id", "best.currency", "best.orders", "best.revenue")
