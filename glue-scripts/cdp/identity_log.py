"""The stream's decisions about identity, as they landed below `identity_log/`, and what became of the profiles they are about."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.events import instant
from cdp.merge import merge, time_bounds
from cdp.raw_zone import RawObject
from cdp.schema import Table

LINE = "kind string, profileId string, identifier string, absorbed string, apart string, rule string, messageId string, timestamp string, at string"
KINDS = ("link", "merge", "drop", "block", "cap", "unmerge")
ENTRY = ("kind", "profile_id", "identifier", "absorbed", "apart", "rule", "message_id", "timestamp", "at")


def list_log(spark: SparkSession, lake: str, since: datetime | None, overlap: timedelta) -> list[RawObject]:
    """Lists objects of the log written later than `overlap` before `since`; all there are when `since` is None."""
    jvm = spark.sparkContext._jvm
    pattern = jvm.org.apache.hadoop.fs.Path(f"{lake}/identity_log/*/*/*/*/*")
    statuses = pattern.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).globStatus(pattern) or []
    written = [RawObject(status.getPath().toString(), datetime.fromtimestamp(status.getModificationTime() / 1000, UTC)) for status in statuses if status.isFile()]
    return sorted((found for found in written if since is None or found.written_at > since - overlap), key=lambda found: (found.written_at, found.path))


def read_entries(spark: SparkSession, objects: list[RawObject]) -> DataFrame:
    """Entries of the log's lines, each once. Lines that are none are passed over."""
    lines = spark.read.text([found.path for found in objects]) if objects else spark.createDataFrame([], "value string")
    told = lines.select(F.from_json("value", LINE).alias("entry")).select("entry.*").toDF(*ENTRY)
    entries = told.withColumns({"timestamp": instant(F.col("timestamp")), "at": instant(F.col("at"))})
    is_entry = F.col("kind").isin(*KINDS) & F.col("message_id").isNotNull() & F.col("at").isNotNull()
    return entries.where(is_entry).withColumn("entry_hash", F.sha2(F.to_json(F.struct(*ENTRY)), 256)).dropDuplicates(["entry_hash"])


def append_entries(spark: SparkSession, name: str, table: Table, entries: DataFrame) -> None:
    """Adds entries that are not there yet; the log has an entry at least once, and the table exactly once."""
    bounds = time_bounds(entries, table, timedelta(0))
    if bounds is None:
        return
    new = entries.join(spark.table(name).where(bounds), list(table.key), "left_anti").persist()
    if not new.isEmpty():
        merge(spark, name, table, new)
    new.unpersist()


def survivors(log: DataFrame) -> DataFrame:
    """Each profile that was merged away and is not parted again, `profile_id`, and the live one it became, `live_id`."""
    decided = log.where(F.col("kind").isin("merge", "unmerge")).select("kind", "profile_id", "absorbed", "apart", F.unix_micros("at").alias("at"), "message_id")
    return decided.coalesce(1).mapInPandas(follow_merges, "profile_id string, live_id string")


def follow_merges(parts: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Takes merges and unmerges in by their time; an unmerge ends the merge by which one of the two had become the other."""
    taken = list(parts)
    if not taken:
        return
    decided = pd.concat(taken).fillna("").sort_values(["at", "message_id", "kind", "profile_id", "absorbed", "apart"])
    into: dict[str, str] = {}

    def live(profile: str) -> str:
        visited = {profile}
        while profile in into and into[profile] not in visited:
            profile = into[profile]
            visited.add(profile)
        return profile

    for entry in decided.itertuples(index=False):
        if entry.kind == "merge" and live(entry.profile_id) != entry.absorbed:
            into[entry.absorbed] = entry.profile_id
        elif entry.kind == "unmerge" and live(entry.apart) == entry.profile_id != entry.apart:
            del into[entry.apart]
    yield pd.DataFrame([(profile, live(profile)) for profile in sorted(into)], columns=["profile_id", "live_id"])


def homes(log: DataFrame) -> DataFrame:
    """The live profile that each identifier was given to last: collection, identifier, `live_id`, and `founded`, what came first of all that it was given by."""
    given = log.where(F.col("kind").isin("link", "unmerge") & F.col("identifier").isNotNull())
    order = F.struct("at", "timestamp", "message_id", "profile_id")
    collection = F.when(F.col("profile_id").startswith("acc_"), "accounts").otherwise("users").alias("collection")
    last = given.groupBy(collection, "identifier").agg(F.max_by("profile_id", order).alias("profile_id"), F.min(F.struct("at", "message_id", "identifier")).alias("founded"))
    return last.join(survivors(log), "profile_id", "left").select("collection", "identifier", F.coalesce("live_id", "profile_id").alias("live_id"), "founded")


def parted(log: DataFrame) -> DataFrame:
    """Pairs of live profiles that operators keep apart, `one` and `other`."""
    live = survivors(log)
    pairs = log.where(F.col("kind") == "unmerge").select(F.col("profile_id").alias("one"), F.col("apart").alias("other")).distinct()
    for end in ("one", "other"):
        renamed = live.select(F.col("profile_id").alias(end), "live_id")
        pairs = pairs.join(renamed, end, "left").withColumn(end, F.coalesce("live_id", end)).drop("live_id")
    return pairs.where("one < other or other < one").select(F.least("one", "other").alias("one"), F.greatest("one", "other").alias("other")).distinct()
