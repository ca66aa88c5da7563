"""Reads the traits that events state, and keeps the statement that survives. Null removes a trait."""

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.profiles.survivorship import surviving
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.values.exact_json import read_json, write_json


def stated_traits(collection: str, type_: str, traits: str | None, context: str | None) -> dict[str, str] | None:
    """What an event states, as JSON texts by name: an identify about a person, a group about an account.

    An identify's own traits win over those in its context.
    """
    if type_ != ("identify" if collection == "users" else "group"):
        return None
    own = object_in(traits)
    stated = {**object_in_field(object_in(context), "traits"), **own} if collection == "users" else own
    return {name: write_json(value) for name, value in stated.items()}


def object_in(text: str | None) -> dict:
    value = read_json(text) if text else None
    return value if isinstance(value, dict) else {}


def object_in_field(fields: Mapping[str, object], name: str) -> dict:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def survivors(owned: DataFrame, rules: dict[str, dict]) -> DataFrame:
    """The surviving statement of each trait of each profile.

    Columns: `profile_id`, `collection`, `name`, `value` (JSON; `null` when the trait is removed), `timestamp`,
    `message_id`, `source_id`. `owned` is events with their profiles; the platform's own events state no traits. `rules`
    has a rule for each trait by name; without one the last statement survives, as in the stream.
    """
    stated_by_event = F.udf(isolated(stated_traits), "map<string, string>")("collection", "type", "traits", "context")
    stating = owned.where(F.col("source_id") != PLATFORM)
    return surviving(
        stating.select(
            "profile_id",
            "collection",
            "timestamp",
            "message_id",
            "source_id",
            F.explode(stated_by_event).alias("name", "value"),
        ),
        rules,
    )


def surviving_traits(owned: DataFrame, rules: dict[str, dict]) -> DataFrame:
    """`profile_id` and `traits`, a map from name to JSON text, from events with their profiles."""
    kept = survivors(owned, rules).where("value != 'null'")
    return kept.groupBy("profile_id").agg(
        F.map_from_entries(F.array_sort(F.collect_list(F.struct("name", "value")))).alias("traits")
    )
