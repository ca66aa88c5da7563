"""Finds destinations that used to get deliveries and get none any more, although there is something to tell them."""

from datetime import datetime, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

WINDOW, BEFORE = timedelta(hours=24), timedelta(days=7)
ENOUGH = 10
"""Things to tell within the window. Below, a quiet day and a silent one look alike."""


def silent_destinations(
    attempts: DataFrame, log: DataFrame, destinations: list[dict], until: datetime
) -> list[str]:
    """Ids of destinations without a delivery in the window before `until`, and with one in the week before it.

    There must have been something to tell: attempts that ended otherwise, or entries and exits of their segments. The
    week before is read only for destinations that are quiet in the window.
    """
    begin = until - WINDOW
    recent = within(attempts, begin, until).groupBy("destination")
    delivered = F.sum(F.when(F.col("outcome") == "delivered", F.col("items")).otherwise(0)).alias("delivered")
    counts = recent.agg(delivered, F.sum("items").alias("tried")).collect()
    tried, heard = {row.destination: row.tried for row in counts}, {row.destination for row in counts if row.delivered}
    quiet = {one["id"]: one["segments"] for one in destinations if one["id"] not in heard}
    if not quiet:
        return []
    changes = within(log.where("kind in ('enter', 'exit') and rule is not null"), begin, until)
    news = {row.rule: row["count"] for row in changes.groupBy("rule").count().collect()}
    missed = [
        name
        for name, segments in quiet.items()
        if max(tried.get(name, 0), sum(news.get(segment, 0) for segment in segments)) >= ENOUGH
    ]
    if not missed:
        return []
    earlier = within(attempts, begin - BEFORE, begin).where("outcome = 'delivered'")
    told = earlier.where(F.col("destination").isin(missed)).select("destination").distinct().collect()
    return sorted(row.destination for row in told)


def within(rows: DataFrame, begin: datetime, end: datetime) -> DataFrame:
    """Rows whose time is after `begin` and not after `end`."""
    first, last = (F.to_timestamp(F.lit(moment.isoformat())) for moment in (begin, end))
    return rows.where((F.col("at") > first) & (F.col("at") <= last))
