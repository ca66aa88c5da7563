"""Asks the definitions of a deployment about all profiles: their segments and their computed traits."""

from collections.abc import Callable, Iterable

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from cdp.segments.consent import consent_statements, granted
from cdp.segments.definitions import Definitions
from cdp.segments.person import COLUMNS, Happened, Key, Person
from cdp.spark.isolated import isolated
from cdp.values.exact_json import is_number, number_text, read_json, write_json

Tell = Callable[[Definitions, Person], tuple]
"""What is told of a person by definitions."""
FACTS = ("profile_id", "collection", "first_seen", "last_seen", "identifiers", "traits")


def with_segments(profiles: DataFrame, owned: DataFrame, config: dict, now: int) -> DataFrame:
    """Profiles with their `segments` at `now`, and `computed`, a map of JSON texts; accounts are in no segment."""

    def tell(definitions: Definitions, person: Person) -> tuple[list[str], dict[str, str]]:
        told = definitions.about(person, now)
        return told.memberships(), {key: computed_text(value) for key, value in told.traits().items()}

    schema = "struct<segments: array<string>, computed: map<string, string>>"
    return asked(profiles, owned, config, (tell, schema, ([], {})))


def asked(profiles: DataFrame, owned: DataFrame, config: dict, of: tuple[Tell, str, tuple]) -> DataFrame:
    """Profiles with the fields that are told of people, their type and what stands for accounts: `of`.

    `profiles` has the columns `FACTS`, with identifiers and traits as JSON; `owned` is events with their profiles. Only
    events that some definition reads are gathered, with their JSON as texts, which keeps the digits of numbers.
    """
    tell, schema, nothing = of
    definitions = Definitions(config["segments"], config.get("traits") or ())
    whole, lists = profiles, []
    for name, facts in gathered(owned, definitions, config).items():
        whole, lists = whole.join(facts, "profile_id", "left"), [*lists, name]
    times = (F.unix_millis(name).alias(name) for name in ("first_seen", "last_seen"))
    known = F.struct(*(name for name in FACTS if not name.endswith("seen")), *times, *lists)

    def of_row(row: Row) -> tuple:
        return tell(definitions, person_of(row)) if row["collection"] == "users" else nothing

    told = whole.withColumn("told", F.udf(isolated(of_row, nothing), schema)(known))
    fields = {name: F.col(f"told.{name}") for name in told.schema["told"].dataType.names}
    return told.withColumns(fields).drop("told", *lists)


def gathered(owned: DataFrame, definitions: Definitions, config: dict) -> dict[str, DataFrame]:
    """What definitions read of people beside their own row: tables of `profile_id` and a list of that name.

    As in the stream, nothing is known of a person's accounts.
    """
    found = {}
    if keys := definitions.event_keys():
        event = F.struct(F.unix_millis("timestamp").alias("at"), *COLUMNS)
        events = owned.where("collection = 'users'").where(has_key(keys))
        found["events"] = events.groupBy("profile_id").agg(F.collect_list(event).alias("events"))
    if definitions.reads("consent"):
        found["statements"] = consent_statements(owned, config["identity"], config.get("countries", {}))
    return found


def has_key(keys: Iterable[Key]) -> Column:
    """Whether an event has one of these keys."""
    named, types = [key for key in keys if key[1] is not None], [type_ for type_, name in keys if name is None]
    found = F.col("type").isin(*types)
    for type_ in sorted({type_ for type_, _ in named}):
        names = sorted(name for of, name in named if of == type_)
        column = F.col("event" if type_ == "track" else "name")
        found |= (F.col("type") == type_) & column.isin(*names)
    return found


def person_of(row: Row) -> Person:
    identifiers = read_json(row["identifiers"] or "[]")
    lists = {name: (row[name] if name in row else None) or () for name in ("events", "statements")}
    statements = ((one["at"], one["said"]["identifiers"], one["said"]["preferences"]) for one in lists["statements"])
    return Person(
        row["profile_id"],
        row["first_seen"],
        row["last_seen"],
        read_json(row["traits"]),
        granted(statements, identifiers),
        frozenset(identifier.split(":", 1)[0] for identifier in identifiers),
        events=tuple(Happened(event["at"], event) for event in lists["events"]),
    )


def computed_text(value: object) -> str:
    """JSON as the stream writes it."""
    return number_text(value) if is_number(value) else write_json(value)
