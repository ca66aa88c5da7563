"""Segment membership over time: by the stream's news of entries and exits, and else by what profiles say now."""

from datetime import datetime

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

KEY = ["profile_id", "segment"]
CHANGE = [*KEY, "at", "kind", "message_id"]
STAY = [*KEY, "entered_at", "exited_at"]
LAST = "9" * 40
"""After all sequence numbers of writes in the same second."""


def news_of(log: DataFrame) -> DataFrame:
    """Entries and exits by the stream's log.

    A profile that merged into another has left all its segments, which the log says once.
    """
    told = log.where("kind in ('enter', 'exit')").withColumnRenamed("rule", "segment").select(CHANGE)
    merged = told.where("segment is null").drop("segment").withColumn("message_id", F.lit(LAST))
    named = told.where("segment is not null")
    return named.unionByName(named.select(KEY).distinct().join(merged, "profile_id").select(CHANGE))


def stays_of(news: DataFrame, stored: DataFrame) -> DataFrame:
    """Stays of whom there is news: an entry of a member and an exit of nobody change nothing.

    Stored stays count from before the first news, and their exits, too: a run found them without any.
    """
    first = news.groupBy(KEY).agg(F.min("at").alias("first"))
    earlier = stored.join(first, KEY).where("entered_at < first")
    begun = earlier.select(*KEY, F.col("entered_at").alias("at"), F.lit("enter").alias("kind"))
    ended = earlier.where("exited_at < first").select(
        *KEY, F.col("exited_at").alias("at"), F.lit("exit").alias("kind")
    )
    before = begun.unionByName(ended).withColumn("message_id", F.lit(""))
    # The sequence numbers of one profile's writes are in order, as numbers.
    in_order = Window.partitionBy(KEY).orderBy("at", F.length("message_id"), "message_id", "kind")
    changes = news.select(CHANGE).unionByName(before)
    was = F.coalesce(F.lag("kind").over(in_order), F.lit("exit"))
    turns = changes.withColumn("was", was).where("kind <> was")
    next_ = turns.withColumn("exited_at", F.lead("at").over(in_order)).where("kind = 'enter'")
    return (
        next_.withColumnRenamed("at", "entered_at")
        .where("exited_at is null or exited_at > entered_at")
        .groupBy(*KEY, "entered_at")
        .agg(F.max("exited_at").alias("exited_at"))
        .select(STAY)
    )


def stays_found(profiles: DataFrame, open_: DataFrame, at: datetime) -> DataFrame:
    """Stays of whom there is no news: those that continue, those that end `at`, and those that begin `at`.

    `at` is the time up to which the lake has data: the change came before it, and after the `at` of the run before.
    """
    now = profiles.select("profile_id", F.explode("segments").alias("segment")).distinct()
    moment = F.to_timestamp(F.lit(at.isoformat()))
    stays = open_.join(now, KEY, "left_semi")
    left = open_.join(now, KEY, "left_anti").withColumn("exited_at", F.greatest(moment, "entered_at"))
    entered = now.join(open_, KEY, "left_anti").select(
        *KEY, moment.alias("entered_at"), F.lit(None).cast("timestamp").alias("exited_at")
    )
    return stays.unionByName(left).unionByName(entered).select(STAY)


def segment_membership(
    profiles: DataFrame, stored: DataFrame, log: DataFrame, at: datetime
) -> tuple[DataFrame, DataFrame]:
    """Rows, and the stored rows that they replace.

    These are all of whom the stream's log has news, and else those without an exit.
    """
    news = news_of(log).localCheckpoint()
    known = news.select(KEY).distinct().localCheckpoint()
    told = stored.join(known, KEY, "left_semi")
    open_ = stored.where("exited_at is null").join(known, KEY, "left_anti")
    found = stays_found(profiles, open_, at).join(known, KEY, "left_anti")
    return stays_of(news, told).unionByName(found), told.unionByName(open_)
