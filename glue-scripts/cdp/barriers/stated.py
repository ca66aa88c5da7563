"""Lets events pass as they were sent: rows with the columns of `events`, before anybody has read whom they name."""

from collections.abc import Callable, Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.verdict import judge, judge_correction
from cdp.identity.claims import Event, object_in
from cdp.identity.identifiers import COLUMNS, reader
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM

STOPPED = "stopped by a barrier"


Rules = Mapping[str, dict]
"""The rules of `identity`, and the default `countries` of sources."""
IsStopped = Callable[[Event, int | None, Barriers], bool]
"""Whether barriers stop an event of a time in milliseconds. One that names nobody, or cannot be read, passes."""


def is_stopped_by(rules: Rules) -> IsStopped:
    people = reader(rules["identity"], rules["countries"])
    whom: Callable[[Event], list[str]] = isolated(lambda event: people(event).users, [])
    corrected: Callable[[Event], list[str]] = isolated(spoken_of, [])

    # Not isolated as a whole: an event must not pass because its barrier cannot be read.
    def is_stopped(event: Event, at: int | None, barriers: Barriers) -> bool:
        by_platform = event["source_id"] == PLATFORM
        rule, read = (judge_correction, corrected) if by_platform else (judge, whom)
        return rule(read(event), at, barriers.of).dropped is not None

    return is_stopped


def marked(rows: DataFrame, at: Column, barriers: Barriers, rules: Rules) -> DataFrame:
    """The rows with `STOPPED`: whether barriers stop them. What has no time counts as early."""
    # Not a column: plans of Spark, and so its logs, would show the secret.
    shared, is_stopped = rows.sparkSession.sparkContext.broadcast(barriers), is_stopped_by(rules)
    judged = F.udf(lambda event, moment: is_stopped(event, moment, shared.value), "boolean")
    return rows.withColumn(STOPPED, judged(F.struct(*COLUMNS), F.unix_millis(at)))


def without_stopped(rows: DataFrame, at: Column, barriers: Barriers, rules: Rules) -> tuple[DataFrame, int]:
    """The rows that barriers do not stop, and how many they stop."""
    if not barriers:
        return rows, 0
    judged = marked(rows, at, barriers, rules).localCheckpoint()
    count = judged.where(F.col(STOPPED)).count()
    return judged.where(~F.col(STOPPED)).drop(STOPPED), count


def time_of_line() -> Column:
    """When a line of the raw zone happened. What states no time counts as of its receipt."""
    return F.coalesce("timestamp", "received_at", "arrived_at")


def passing(barriers: Barriers, rules: Rules) -> Callable[[DataFrame], tuple[DataFrame, int]]:
    """Lets lines of the raw zone pass, sound or not."""
    return lambda lines: without_stopped(lines, time_of_line(), barriers, rules)


def spoken_of(event: Event) -> list[str]:
    """The identifiers of the person whom the platform corrects, or has found to be one; of an account none."""
    said = object_in(event["properties"])
    profile = said.get("profile")
    listed = (said.get("identifiers"), profile.get("released") if isinstance(profile, dict) else None)
    named = [one for some in listed if isinstance(some, list) for one in some if isinstance(one, str)]
    return [] if said.get("collection") == "accounts" else named
