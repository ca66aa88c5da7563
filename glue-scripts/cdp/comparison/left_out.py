"""Finds profiles that are not compared, or only in part."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.components import components
from cdp.identity.identity_log import parted_by_operators, survivors_by_log


def put_aside(owners: DataFrame, stored: DataFrame, received_after: str) -> DataFrame:
    """Profiles that cannot be compared: the export may lack events of theirs, or their item cannot be read."""
    unsettled = owners.where(F.col("received_at") > F.lit(received_after).cast("timestamp")).select("profile_id")
    return unsettled.union(stored.where("collection is null").select("profile_id")).distinct()


def parted_by_log(log: DataFrame) -> DataFrame:
    """`profile_id` and `group` of profiles that operators took apart or that have absorbed one of them since.

    All who were ever one person share a group.
    """
    pairs = parted_by_operators(log).select("a", "b").localCheckpoint()
    if pairs.isEmpty():
        return pairs.select(F.col("a").alias("profile_id"), F.col("b").alias("group"))
    ends = pairs.select(F.col("a").alias("profile_id"))
    lives = (
        survivors_by_log(log)
        .join(ends, "profile_id", "left_semi")
        .select(F.col("profile_id").alias("a"), F.col("survivor").alias("b"))
    )
    return (
        components(pairs.union(lives))
        .select(F.col("identifier").alias("profile_id"), F.col("component").alias("group"))
        .localCheckpoint()
    )
