"""Segment membership over time, from what profiles say now and the stored rows without an exit."""

from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

KEY = ["profile_id", "segment"]


def segment_membership(profiles: DataFrame, open_: DataFrame, at: datetime) -> DataFrame:
    """What replaces the open rows: those that continue, those that end `at`, and those that begin `at`.

    Nothing in the lake tells when somebody entered or left a segment, so `at` is the time up to which the lake has
    data: the change came before it, and after the `at` of the run before.
    """
    now = profiles.select("profile_id", F.explode("segments").alias("segment")).distinct()
    moment = F.to_timestamp(F.lit(at.isoformat()))
    stays = open_.join(now, KEY, "left_semi")
    left = open_.join(now, KEY, "left_anti").withColumn("exited_at", F.greatest(moment, "entered_at"))
    entered = now.join(open_, KEY, "left_anti").select(
        *KEY, moment.alias("entered_at"), F.lit(None).cast("timestamp").alias("exited_at")
    )
    return stays.unionByName(left).unionByName(entered)
