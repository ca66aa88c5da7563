"""Sessions: a person's events, one after another, until a pause ends the visit."""

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.marts.event_rows import ORDER, SUM, is_track

CAMPAIGN = ("campaign_source", "campaign_medium", "campaign_name", "click_id_kind")
REFERRER = ("referrer_kind", "page_referrer")
MOMENT = ("timestamp", "event_id")


def sessions(event_rows: DataFrame, minutes: int) -> DataFrame:
    """People's sessions.

    An event that comes `minutes` or more after the one before starts a new session; bots have none.
    """
    in_order = Window.partitionBy("profile_id").orderBy(*MOMENT)
    pause = F.unix_micros("timestamp") - F.lag(F.unix_micros("timestamp")).over(in_order)
    begins = (F.coalesce(pause >= minutes * 60_000_000, F.lit(True))).cast("int")
    people = event_rows.where(F.coalesce("device_kind", F.lit("")) != "bot").withColumn("begins", begins)
    numbered = people.withColumn(
        "number", F.sum("begins").over(in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow))
    )
    return numbered.groupBy("profile_id", "number").agg(*measures()).select(*columns())


def measures() -> list[Expression]:
    is_order = is_track(ORDER)
    page = F.col("page").isNotNull()
    return [
        F.min(F.struct(*MOMENT)).alias("first"),
        F.max("timestamp").alias("ended_at"),
        F.count("*").alias("events"),
        F.count(F.when(F.col("is_view"), 1)).alias("pages"),
        F.min(moment_and("page", when=page)).alias("entry"),
        F.max(moment_and("page", when=page)).alias("exit"),
        F.min(moment_and(*CAMPAIGN, when=F.coalesce(*CAMPAIGN).isNotNull())).alias("campaign"),
        F.min(moment_and(*REFERRER, when=F.col("referrer_kind").isNotNull())).alias("referrer"),
        F.min(moment_and("device_kind", when=F.col("device_kind").isNotNull())).alias("device"),
        F.count(F.when(is_order, 1)).alias("orders"),
        F.min(moment_and("currency", when=is_order)).alias("order"),
        F.collect_list(F.when(is_order, F.struct("currency", "amount"))).alias("paid"),
    ]


def moment_and(*names: str, when: Expression) -> Expression:
    """Values after the moment of their event, so that the least is what came first."""
    return F.when(when, F.struct(*MOMENT, *names))


def columns() -> list[Expression]:
    in_currency = F.filter("paid", lambda order: order["currency"] == F.col("order.currency"))
    revenue = F.aggregate(in_currency, F.lit(0).cast(SUM), lambda total, order: (total + order["amount"]).cast(SUM))
    return [
        F.sha2(F.concat_ws("|", "profile_id", "first.event_id"), 256).alias("session_id"),
        F.col("profile_id"),
        F.col("first.timestamp").alias("started_at"),
        F.col("ended_at"),
        F.col("events"),
        F.col("pages"),
        F.col("entry.page").alias("entry_page"),
        F.col("exit.page").alias("exit_page"),
        *(F.col(f"campaign.{name}") for name in CAMPAIGN),
        *(F.col(f"referrer.{name}") for name in REFERRER),
        F.col("device.device_kind"),
        F.col("orders"),
        F.col("order.currency"),
        revenue.alias("revenue"),
    ]
