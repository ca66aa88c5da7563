"""Finds profile ids of people whose events the job `identities` is about to make nobody's."""

from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.sighted import touched
from cdp.erasing.erased_ids import remember_erased, without_named
from cdp.identity.collection import USERS


class Dropped(NamedTuple):
    """What the job knows at that moment.

    `owners` are rows of `event_profiles` from before, `seen` all sightings, `left` those that are somebody's after this
    run, and `named` whose an identifier is by the stream's log.
    """

    owners: DataFrame
    seen: DataFrame
    left: DataFrame
    named: DataFrame


def remember_dropped(spark: SparkSession, database: str, dropped: Dropped, barriers: Barriers) -> int:
    """Remembers the profile ids of who is erased; gives how many are new."""
    erasures = barriers.erasures()
    ids = without_named(ids_of_dropped(dropped, erasures), dropped.named, erasures)
    return remember_erased(spark, database, ids, barriers.newest_erasure)


def ids_of_dropped(dropped: Dropped, erasures: Barriers) -> DataFrame:
    """Profile ids all of whose events are erased, before `event_profiles` loses these events."""
    of_people = dropped.owners.where(F.col("collection") == USERS).select("event_id", "profile_id")
    left = dropped.left.where(F.col("collection") == USERS)
    gone = of_people.join(left, "event_id", "left_anti").localCheckpoint()
    if gone.isEmpty():
        return gone.select("profile_id")
    named = dropped.seen.join(gone.select("event_id"), "event_id", "left_semi")
    erased = touched(named, erasures).where("dropped IS NOT NULL").select("event_id").localCheckpoint()
    of_erased = gone.join(erased, "event_id", "left_semi").select("profile_id").distinct()
    others = of_people.join(erased, "event_id", "left_anti").select("profile_id")
    return of_erased.join(others, "profile_id", "left_anti")
