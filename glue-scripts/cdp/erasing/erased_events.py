"""Finds events and refused lines of people who are erased, by the rules that keep events out."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.sighted import touched
from cdp.barriers.stated import STOPPED, Rules, marked, time_of_line
from cdp.cleaning.read_events import parse
from cdp.identity.former_names import former_name
from cdp.identity.sightings import named_events
from cdp.stream.put_events import PLATFORM
from cdp.tables.schema import read_table


def erased_events(sightings: DataFrame, erasures: Barriers) -> DataFrame:
    """`event_id`, `message_id` and `timestamp` of events that are to be erased.

    What the platform says of a released identifier stays while the identifier is not erased itself: without it, what
    comes in late about its former owner would be the next one's.
    """
    before = sightings.where(F.col("timestamp") <= F.lit(erasures.newest_erasure))
    # Releases of any time: they say what an identifier was called before them.
    named = named_events(sightings).where(F.col("timestamp") <= F.lit(erasures.newest_erasure))
    dropped = touched(named, erasures).where("dropped IS NOT NULL").select("event_id")
    shared = sightings.sparkSession.sparkContext.broadcast(erasures)
    is_erased = F.udf(lambda identifier, at: is_release_erased(identifier, at, shared.value), "boolean")
    released = before.where("released IS NOT NULL").where(is_erased("released", F.unix_millis("timestamp")))
    ids = dropped.unionByName(released.select("event_id")).distinct().localCheckpoint()
    return before.join(ids, "event_id", "left_semi").select("event_id", "message_id", "timestamp").localCheckpoint()


def told_by_platform(events: DataFrame, erasures: Barriers, rules: Rules) -> DataFrame:
    """`event_id`, `message_id` and `timestamp` of what the platform once said of people who are erased.

    A correction teaches the lake nothing, so `sightings` do not say whom it names.
    """
    told = events.where((F.col("source_id") == PLATFORM) & (F.col("timestamp") <= F.lit(erasures.newest_erasure)))
    about = marked(told, F.col("timestamp"), erasures, rules).where(F.col(STOPPED))
    return about.select("event_id", "message_id", "timestamp").localCheckpoint()


def is_release_erased(identifier: str, at: int, erasures: Barriers) -> bool:
    """Whether both are erased: the identifier, and who had it until it was released."""
    own, former = erasures.of(identifier), erasures.of(former_name(identifier, at))
    return own is not None and former is not None and own.erased is not None and at <= own.erased


def erased_lines(refused: DataFrame, erasures: Barriers, rules: Rules) -> DataFrame:
    """`line_hash` of rows of `rejected_events` that are to be erased."""
    lines = refused.select("line", "line_hash", "object", "arrived_at")
    parsed = parse(lines, read_table("events")).drop("json")
    return marked(parsed, time_of_line(), erasures, rules).where(F.col(STOPPED)).select("line_hash").localCheckpoint()
