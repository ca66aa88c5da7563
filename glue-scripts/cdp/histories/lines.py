"""Gathers what new aggregates need of people's events: lines for `npm run segment -- apply`, which computes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

from cdp.identity.placement import by_trust
from cdp.segments.membership import has_key
from cdp.segments.paths import parts_at
from cdp.segments.person import COLUMNS, Happened, Key
from cdp.spark.isolated import isolated
from cdp.values.exact_json import write_json

EVENTS_A_LINE = 100
"""A profile with more events has several lines, one after another, so no line and no row is large."""


@dataclass(frozen=True)
class Needs:
    """What aggregates read: events, by their keys, and names within their properties or traits and their context."""

    events: frozenset[Key]
    fields: frozenset[str]
    context: frozenset[str]

    @staticmethod
    def of(said: Mapping) -> "Needs":
        """Reads them from JSON."""
        keys = frozenset((type_, name) for type_, name in said["events"])
        return Needs(keys, frozenset(said["fields"]), frozenset(said["context"]))


def history_lines(owned: DataFrame, identifiers: DataFrame, needs: Mapping[str, Needs], rules: dict) -> DataFrame:
    """Lines of each profile together and in order, in one partition: `profile_id`, `part`, `events` (number), `line`.

    `owned` is `owned_events`, those to count alone; `identifiers` is `identity_map`; `needs` are by collection. An
    event that cannot be read is left out, as everywhere in the lake.
    """
    # Otherwise Spark would run the function twice, once to see whether it gives null.
    told = F.udf(isolated(lambda row: told_event(row, needs[row["collection"]])), "string").asNondeterministic()
    times = (F.unix_millis("timestamp").alias("at"), F.unix_millis("received_at").alias("received_at"))
    needed = reduce(or_, ((F.col("collection") == of) & has_key(each.events) for of, each in needs.items()))
    events = (
        owned.where(needed)
        .select("profile_id", "collection", times[0], told(F.struct("collection", *times, *COLUMNS)).alias("event"))
        .where("event IS NOT NULL")
    )
    place = F.row_number().over(Window.partitionBy("profile_id").orderBy("at", "event"))
    parts = (
        events.withColumn("part", F.floor((place - 1) / EVENTS_A_LINE))
        .groupBy("profile_id", "collection", "part")
        .agg(F.array_sort(F.collect_list(F.struct("at", "event"))).alias("listed"))
    )
    whole = parts.join(named(identifiers, rules), "profile_id", "left")
    lines = whole.select("profile_id", "part", F.size("listed").alias("events"), line().alias("line"))
    return lines.sortWithinPartitions("profile_id", "part")


def line() -> Column:
    """A line as JSON. Events are JSON already."""
    known = F.coalesce("identifiers", F.array().cast("array<string>")).alias("identifiers")
    whose = F.to_json(F.struct(F.col("profile_id").alias("profileId"), "collection", known))
    return F.concat(
        F.regexp_replace(whose, r"\}$", ""), F.lit(',"events":['), F.array_join("listed.event", ","), F.lit("]}")
    )


def named(identifiers: DataFrame, rules: dict) -> DataFrame:
    """`profile_id` and its `identifiers`, the most trusted first."""
    trusted = F.udf(isolated(lambda found: by_trust(found, rules)), "array<string>")
    found = F.collect_list(F.concat_ws(":", "identifier_type", "identifier_value"))
    by_profile = identifiers.groupBy("profile_id").agg(found.alias("found"))
    return by_profile.select("profile_id", trusted("found").alias("identifiers"))


def told_event(row: Row, needs: Needs) -> str:
    """An event as JSON: its times in milliseconds, its mark, and what is needed of it."""
    event = Happened(row["at"], row)
    names = {name: row[name] for name in ("type", "event", "name") if row[name] is not None}
    fields = "traits" if row["type"] in ("identify", "group") else "properties"
    parts = {fields: parts_at(event.fields, needs.fields), "context": parts_at(event.context, needs.context)}
    told = {name: one for name, one in parts.items() if one}
    return write_json({"at": event.at, "receivedAt": row["received_at"], "mark": event.mark, **names, **told})
