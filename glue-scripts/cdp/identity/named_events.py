"""Whom every event names, by the names that identifiers had when it happened."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.identity.former_names import named_then, releases
from cdp.identity.sightings import by_collection


def named_events(rows: DataFrame) -> DataFrame:
    """Rows of `sightings`, `by_collection`.

    A message that `events` holds twice, because it came again too late, counts once: the first.
    """
    order = Window.partitionBy("event_id", "collection").orderBy("received_at")
    named = by_collection(rows).withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank")
    if rows.where("released is not null").isEmpty():
        return named.localCheckpoint()
    return named_then(named.localCheckpoint(), releases(rows).localCheckpoint()).localCheckpoint()
