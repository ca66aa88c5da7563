"""Profile ids of people who were erased. The table `identity_log` remembers them, because more may come in about them.

An exit of a segment, for one, names a profile id alone, and comes after all that would tell whose it was is gone. The
entry of kind `erased` has the id and the time of an erasure, and nothing else.
"""

from collections.abc import Callable
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.tables.schema import as_stored

ERASED = "erased"
PLACES = ("profile_id", "absorbed")
"""Columns of the log by whose profile ids an entry is about somebody.

`apart` is none of them: an unmerge stays with whoever was parted from a person, and names that person by an id alone.
Without it, a merge that it undid would stand again.
"""
Read = Callable[[DataFrame], DataFrame]
"""Reads lines of a zone as rows of a table."""


def erased_ids(spark: SparkSession, database: str) -> DataFrame:
    """`profile_id` of everybody who is known to be erased."""
    return spark.table(log_of(database)).where(F.col("kind") == ERASED).select("profile_id").distinct()


def remember_erased(spark: SparkSession, database: str, ids: DataFrame, newest: datetime) -> int:
    """Adds ids that are not yet remembered, in at most one commit; gives their number."""
    new = ids.select("profile_id").distinct().join(erased_ids(spark, database), "profile_id", "left_anti")
    rows = new.localCheckpoint()
    count = rows.count()
    if count:
        name, at = log_of(database), F.lit(newest.isoformat()).cast("timestamp")
        hashed = F.sha2(F.concat(F.lit(f"{ERASED} "), "profile_id"), 256)
        entries = rows.select(hashed.alias("entry_hash"), F.lit(ERASED).alias("kind"), "profile_id", at.alias("at"))
        as_stored(entries, spark, name).writeTo(name).append()
    return count


def without_erased(rows: DataFrame, ids: DataFrame, places: tuple[str, ...]) -> DataFrame:
    """The rows that have none of the ids in these columns."""
    for place in places:
        rows = rows.join(ids.toDF(place), place, "left_anti")
    return rows


def reader_without_erased(
    read: Read, spark: SparkSession, database: str, places: tuple[str, ...], *, until: datetime | None
) -> Read:
    """As `read`, without rows of who is known to be erased, if anybody was until a time."""
    if until is None:
        return read
    return lambda lines: without_erased(read(lines), erased_ids(spark, database), places)


def without_named(ids: DataFrame, named: DataFrame, erasures: Barriers) -> DataFrame:
    """The ids but those of profiles that the stream's log (`named_by_log`) gives an identifier that is not erased."""
    shared = ids.sparkSession.sparkContext.broadcast(erasures)
    is_erased = F.udf(lambda identifier: shared.value.of(identifier) is not None, "boolean")
    theirs = named.join(ids, "profile_id", "left_semi").where(~is_erased("identifier"))
    return ids.join(theirs, "profile_id", "left_anti")


def log_of(database: str) -> str:
    return f"lake.{database}.identity_log"
