"""What identifiers were called until their source released them, by the rules of the stream (`former-name.ts`)."""

import re
from collections.abc import Collection, Iterable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.identity.claims import TYPE, Event, object_in
from cdp.identity.normal_form import is_blocked
from cdp.stream.put_events import PLATFORM

MOST_RELEASES = 16
"""Releases that are kept of one identifier, the latest, as in the stream."""
FORMER = re.compile(rf"({TYPE.pattern})~(\d{{1,15}}):(.+)", re.DOTALL)
RELEASABLE = re.compile(f"{TYPE.pattern}:.+", re.DOTALL)


def former_name(identifier: str, at: int) -> str:
    """What an identifier is called for events up to a time in milliseconds, at which it was released."""
    kind, _, value = identifier.partition(":")
    return f"{kind}~{at}:{value}"


def plain(identifier: str) -> str:
    """The identifier that a former name belongs to; any other is its own."""
    former = FORMER.fullmatch(identifier)
    return f"{former[1]}:{former[3]}" if former else identifier


def is_former(identifier: str) -> bool:
    return FORMER.fullmatch(identifier) is not None


def named_among(identifiers: Iterable[str], own: Collection[str], at: int) -> list[str]:
    """The identifiers of an event by the names that they had at its time, as far as a person has these names."""
    times = [(int(former[2]), name) for name in own if (former := FORMER.fullmatch(name))]
    then = {plain(name): name for released, name in sorted(times, reverse=True) if at <= released}
    return [then.get(identifier, identifier) for identifier in identifiers]


def releases(rows: DataFrame) -> DataFrame:
    """`identifier`, and the times in milliseconds at which sources `released` it, in order; of rows of `sightings`."""
    times = F.sort_array(F.collect_set("at"))
    return (
        rows.where("released is not null")
        .select(F.col("released").alias("identifier"), F.unix_millis("timestamp").alias("at"))
        .groupBy("identifier")
        .agg(F.slice(times, -F.least(F.size(times), F.lit(MOST_RELEASES)), MOST_RELEASES).alias("released"))
    )


def released_by(event: Event, rules: dict) -> str | None:
    """The identifier that an event of the platform releases; None if it does something else."""
    is_of_platform = event["source_id"] == PLATFORM and event["type"] == "track"
    said = object_in(event["properties"]) if is_of_platform else {}
    identifier, source = said.get("release"), said.get("source")
    if not isinstance(identifier, str) or not isinstance(source, str) or source == "":
        return None
    return identifier if RELEASABLE.fullmatch(identifier) and not is_blocked(identifier, rules) else None


def named_then(seen: DataFrame, released: DataFrame) -> DataFrame:
    """Sightings by the names that their identifiers had when they happened.

    What a job found is by the names of the time at which it said so. An account is never released.
    """
    at = F.unix_millis(F.when(F.col("by_platform"), F.col("received_at")).otherwise(F.col("timestamp")))
    stated = seen.where("collection = 'users'").select(
        "event_id", at.alias("at"), F.explode("identifiers").alias("identifier")
    )
    later = F.filter("released", lambda time: time >= F.col("at"))
    then = (
        stated.join(F.broadcast(released), "identifier")
        .withColumn("next", later[0])
        .where("next is not null")
        .select("event_id", "identifier", F.udf(former_name, "string")("identifier", "next").alias("name"))
        .groupBy("event_id")
        .agg(F.map_from_entries(F.collect_set(F.struct("identifier", "name"))).alias("then"))
        .withColumn("collection", F.lit("users"))
    )
    names = F.transform("identifiers", lambda one: F.coalesce(F.col("then")[one], one))
    return (
        seen.join(then, ["event_id", "collection"], "left")
        .withColumn("identifiers", F.when(F.col("then").isNull(), F.col("identifiers")).otherwise(names))
        .select(*seen.columns)
    )
