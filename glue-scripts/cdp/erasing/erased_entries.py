"""Finds what the identity log says of people who are erased, and which profiles were theirs."""

from functools import reduce
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.barrier_list import stop_of
from cdp.erasing.erased_ids import ERASED, PLACES, without_named
from cdp.identity.identity_log import named_by_log, survivors_by_log


class Entries(NamedTuple):
    """Entries of an erased identifier by their `entry_hash`, and the profiles (`profile_id`) of nobody else."""

    of_identifiers: DataFrame
    profiles: DataFrame


def erased_entries(log: DataFrame, owners: DataFrame, erasures: Barriers) -> Entries:
    """What the log says of erased identifiers up to the time of the erasure.

    A profile that had such an identifier is erased unless it has another one or has events (`owners`), and so is
    whatever merged into it.
    """
    shared = log.sparkSession.sparkContext.broadcast(erasures)
    is_erased = F.udf(lambda identifier, at: stop_of(shared.value.of(identifier), at) is not None, "boolean")
    at = F.unix_millis(F.coalesce("timestamp", "at"))
    found = log.where("identifier IS NOT NULL").where(is_erased("identifier", at)).localCheckpoint()
    survivors = survivors_by_log(log).localCheckpoint()
    live = F.coalesce("survivor", "profile_id").alias("live")
    theirs = found.where("profile_id IS NOT NULL").join(survivors, "profile_id", "left").select(live).distinct()
    alone = without_named(theirs.toDF("profile_id"), named_by_log(log), erasures)
    alone = alone.join(owners.select("profile_id"), "profile_id", "left_anti").toDF("live")
    merged = survivors.join(alone.toDF("survivor"), "survivor", "left_semi").select("profile_id")
    return Entries(found.select("entry_hash"), alone.toDF("profile_id").union(merged).distinct().localCheckpoint())


def entries_of(log: DataFrame, profiles: DataFrame, events: DataFrame) -> DataFrame:
    """`entry_hash` of entries about these profiles, or of the decision about one of these events.

    That somebody else was parted from such a profile is about somebody else.
    """
    told = log.where(F.col("kind") != ERASED)
    about = [told.join(profiles.toDF(place), place, "left_semi").select("entry_hash") for place in PLACES]
    decided = told.join(events.select("message_id", "timestamp"), ["message_id", "timestamp"], "left_semi")
    return reduce(DataFrame.union, about, decided.select("entry_hash"))
