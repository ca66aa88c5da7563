"""Traits as the stream decides them: the greatest (timestamp, message id) has the last word, and null takes a trait away."""

import json
from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def said(collection: str, type_: str, traits: str | None, context: str | None) -> dict[str, str] | None:
    """What an event states, as JSON texts by name: of a person an identify's own traits over those in its context, of an account a group's."""
    if type_ != ("identify" if collection == "users" else "group"):
        return None
    own = object_in(traits)
    stated = {**object_in_field(object_in(context), "traits"), **own} if collection == "users" else own
    return {name: as_text(value) for name, value in stated.items()}


def object_in(text: str | None) -> dict:
    value = json.loads(text, parse_float=number) if text else None
    return value if isinstance(value, dict) else {}


def object_in_field(fields: Mapping[str, object], name: str) -> dict:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def number(text: str) -> float | int:
    """1.0 is 1, as in the stream."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def last_words(events: DataFrame) -> DataFrame:
    """`profile_id` and `traits`, a map from name to JSON text, of events with their profiles."""
    stated = F.udf(said, "map<string, string>")("collection", "type", "traits", "context")
    one = events.select("profile_id", "timestamp", "message_id", F.explode(stated).alias("name", "value"))
    last = one.groupBy("profile_id", "name").agg(F.max(F.struct("timestamp", "message_id", "value")).alias("last"))
    kept = last.where("last.value != 'null'").select("profile_id", "name", F.col("last.value").alias("value"))
    return kept.groupBy("profile_id").agg(F.map_from_entries(F.array_sort(F.collect_list(F.struct("name", "value")))).alias("traits"))
