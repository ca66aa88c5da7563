"""Makes profiles from events: one row for each live person and account."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.identifiers import never_later
from cdp.profiles.traits import surviving_traits
from cdp.segments.definitions import Definitions
from cdp.segments.membership import with_segments
from cdp.segments.person import COLUMNS
from cdp.values.text import SPACE

TEXTS = {
    "email": ("email",),
    "phone": ("phone",),
    "name": ("name",),
    "first_name": ("first_name", "firstName"),
    "last_name": ("last_name", "lastName"),
    "country": ("country",),
    "city": ("city",),
}
"""Columns that are traits, by the names that SDKs give them, the preferred name first."""


def owned_events(events: DataFrame, owners: DataFrame) -> DataFrame:
    """Events with their profiles, as far as profiles are made of them.

    A message stored twice counts where it has an owner.
    """
    stated = events.select("event_id", never_later(), "received_at", *COLUMNS)
    return owners.select("event_id", "received_at", "collection", "profile_id").join(
        stated, ["event_id", "received_at"]
    )


def profile_rows(owned: DataFrame, identifiers: DataFrame, config: dict, now: int) -> DataFrame:
    """Rows of `profiles` from `owned_events` and `identity_map`, with segments as they are at `now`.

    Of the configuration its `segments`, `traits` and `survivorship`, and its rules of identity where consent is asked.
    """
    counted = owned.groupBy("profile_id", "collection").agg(
        F.min("received_at").alias("created_at"),
        F.min("timestamp").alias("first_seen"),
        F.max("timestamp").alias("last_seen"),
        F.count("*").alias("event_count"),
    )
    listed = identifiers.groupBy("profile_id").agg(
        F.to_json(F.array_sort(F.collect_list(F.concat_ws(":", "identifier_type", "identifier_value")))).alias(
            "identifiers"
        ),
        F.min(F.when(F.col("identifier_type") == "user_id", F.col("identifier_value"))).alias("user_id"),
        F.array_sort(
            F.collect_list(F.when(F.col("identifier_type") == "anonymous_id", F.col("identifier_value")))
        ).alias("anonymous_ids"),
    )
    traits = surviving_traits(owned, config.get("survivorship", {})).withColumnRenamed("traits", "stated")
    whole = counted.join(listed, "profile_id", "left").join(traits, "profile_id", "left")
    asked = with_segments(whole.withColumn("traits", as_object(F.col("stated"))), owned, config, now)
    known = {
        of: overlaid(F.col("stated"), F.col("computed"), [*Definitions.of(config, of).traits])
        for of in (USERS, ACCOUNTS)
    }
    told = asked.withColumn("traits", F.when(F.col("collection") == USERS, known[USERS]).otherwise(known[ACCOUNTS]))
    texts = {column: first_text(names) for column, names in TEXTS.items()}
    return told.withColumns(texts).withColumn("traits", as_object(F.col("traits"))).drop("stated", "computed")


def overlaid(stated: Column, computed: Column, keys: list[str]) -> Column:
    """The traits of both; computed ones hide stated ones of their keys, also where they have nothing to say."""
    if not keys:
        return stated
    left = F.map_filter(F.coalesce(stated, F.create_map().cast("map<string, string>")), lambda key, _: ~key.isin(keys))
    return F.map_from_entries(F.array_sort(F.concat(F.map_entries(left), F.map_entries(computed))))


def first_text(names: tuple[str, ...]) -> Column:
    """The first of these traits that is a number or a text that is not blank; country and city also from an address.

    The first character of its JSON tells which it is.
    """
    inside = [
        F.get_json_object(F.col("traits")["address"], f"$.{name}") for name in names if name in ("country", "city")
    ]
    plain = (F.when(F.col("traits")[name].rlike('^["0-9-]'), F.col("traits")[name]) for name in names)
    # A number stays as it is; JSON would read it as a double.
    stated = (
        F.when(
            text.startswith('"'), F.get_json_object(F.concat(F.lit('{"value":'), text, F.lit("}")), "$.value")
        ).otherwise(text)
        for text in plain
    )
    return F.coalesce(*(F.when(text.rlike(f"[^{SPACE}]"), text) for text in (*stated, *inside)))


def as_object(texts: Column) -> Column:
    """A map of JSON texts as one JSON object with its names in order; an empty object without traits."""
    members = F.transform(
        F.map_entries(texts),
        lambda one: F.concat(
            F.regexp_replace(F.to_json(F.array(one["key"])), r"^\[|\]$", ""), F.lit(":"), one["value"]
        ),
    )
    return F.concat(F.lit("{"), F.coalesce(F.array_join(members, ","), F.lit("")), F.lit("}"))
