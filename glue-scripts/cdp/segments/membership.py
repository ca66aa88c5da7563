"""Asks the definitions of a deployment about all profiles: their segments and their computed traits."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.segments.consent import consent_statements, granted
from cdp.segments.definitions import Definitions
from cdp.segments.person import COLUMNS, Account, Happened, Person
from cdp.spark.isolated import isolated
from cdp.values.event_key import Key
from cdp.values.exact_json import is_number, number_text, read_json, write_json

Tell = Callable[[Definitions, Person], tuple]
"""What is told of a person or an account by definitions."""
FACTS = ("profile_id", "collection", "first_seen", "last_seen", "identifiers", "traits")


def with_segments(profiles: DataFrame, owned: DataFrame, config: dict, now: int) -> DataFrame:
    """Profiles with their `segments` at `now`, and `computed`, a map of JSON texts."""

    def tell(definitions: Definitions, person: Person) -> tuple[list[str], dict[str, str]]:
        told = definitions.about(person, now)
        return told.memberships(), {key: computed_text(value) for key, value in told.traits().items()}

    schema = "struct<segments: array<string>, computed: map<string, string>>"
    return asked(profiles, owned, config, (tell, schema, ([], {})))


def asked(profiles: DataFrame, owned: DataFrame, config: dict, of: tuple[Tell, str, tuple]) -> DataFrame:
    """Profiles with the fields that are told of them, their type and what stands for one that cannot be read: `of`.

    `profiles` has the columns `FACTS`, with identifiers and traits as JSON; `owned` is events with their profiles. Only
    events that some definition reads are gathered, with their JSON as texts, which keeps the digits of numbers. Where
    people are asked about their accounts, accounts are asked first.
    """
    definitions = {collection: Definitions.of(config, collection) for collection in (USERS, ACCOUNTS)}
    facts = gathered(owned, definitions, config)
    if not definitions[USERS].reads("account"):
        return answered(profiles, facts, definitions, of)
    accounts = answered(profiles.where(F.col("collection") == ACCOUNTS), facts, definitions, of)
    people = profiles.where(F.col("collection") == USERS)
    theirs = accounts_of(accounts.select("profile_id", "traits", "segments"), owned)
    return accounts.unionByName(answered(people, facts | {"accounts": theirs}, definitions, of))


def answered(
    profiles: DataFrame, facts: dict[str, DataFrame], definitions: dict[str, Definitions], of: tuple[Tell, str, tuple]
) -> DataFrame:
    tell, schema, nothing = of
    whole = profiles
    for table in facts.values():
        whole = whole.join(table, "profile_id", "left")
    times = (F.unix_millis(name).alias(name) for name in ("first_seen", "last_seen"))
    known = F.struct(*(name for name in FACTS if not name.endswith("seen")), *times, *facts)

    def of_row(row: Row) -> tuple:
        return tell(definitions[row["collection"]], person_of(row))

    told = whole.withColumn("told", F.udf(isolated(of_row, nothing), schema)(known))
    fields = {name: F.col(f"told.{name}") for name in told.schema["told"].dataType.names}
    return told.withColumns(fields).drop("told", *facts)


def gathered(owned: DataFrame, definitions: dict[str, Definitions], config: dict) -> dict[str, DataFrame]:
    """What definitions read of profiles beside their own row: tables of `profile_id` and a list of that name."""
    found = {}
    keys = {of: each.event_keys() for of, each in definitions.items()}
    if any(keys.values()):
        event = F.struct(F.unix_millis("timestamp").alias("at"), *COLUMNS)
        read = reduce(or_, ((F.col("collection") == of) & has_key(each) for of, each in keys.items() if each))
        found["events"] = owned.where(read).groupBy("profile_id").agg(F.collect_list(event).alias("events"))
    if definitions[USERS].reads("consent"):
        found["statements"] = consent_statements(owned, config["identity"], config.get("countries", {}))
    return found


def accounts_of(accounts: DataFrame, owned: DataFrame) -> DataFrame:
    """`profile_id` and `accounts` of people: those of their group calls, each with its traits and segments."""
    calls = owned.where("type = 'group'").select("event_id", "received_at", "collection", "profile_id")
    call = ["event_id", "received_at"]
    of_accounts = calls.where(F.col("collection") == ACCOUNTS).select(*call, F.col("profile_id").alias("account"))
    pairs = calls.where(F.col("collection") == USERS).join(of_accounts, call).select("profile_id", "account").distinct()
    known = accounts.select(F.col("profile_id").alias("account"), F.struct("traits", "segments").alias("known"))
    return pairs.join(known, "account").groupBy("profile_id").agg(F.collect_list("known").alias("accounts"))


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
    lists = {name: (row[name] if name in row else None) or () for name in ("events", "statements", "accounts")}
    statements = ((one["at"], one["said"]["identifiers"], one["said"]["preferences"]) for one in lists["statements"])
    return Person(
        row["profile_id"],
        row["first_seen"],
        row["last_seen"],
        read_json(row["traits"]),
        granted(statements, identifiers),
        frozenset(identifier.split(":", 1)[0] for identifier in identifiers),
        tuple(Account(read_json(one["traits"]), frozenset(one["segments"])) for one in lists["accounts"]),
        events=tuple(Happened(event["at"], event) for event in lists["events"]),
    )


def computed_text(value: object) -> str:
    """JSON as the stream writes it."""
    return number_text(value) if is_number(value) else write_json(value)
