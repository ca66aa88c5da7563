"""Reads whom an event names: its identifiers, by the rules of the stream."""

import re
from collections.abc import Callable, Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.identity.claims import TYPE, Event, claims, object_in
from cdp.identity.normal_form import is_blocked, normalize
from cdp.identity.placement import by_trust
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.values.event_key import Key, keys_of

IDENTIFIER = re.compile(rf"{TYPE.pattern}(~\d{{1,15}})?:.", re.DOTALL)
COLUMNS = (
    *("type", "event", "name", "user_id", "anonymous_id", "previous_id", "group_id", "source_id"),
    *("traits", "context", "properties"),
)


def sightings(
    events: DataFrame, rules: dict, countries: dict[str, str], of_accounts: frozenset[Key] = frozenset()
) -> DataFrame:
    """One row for each event and collection in which it names somebody.

    Columns: `event_id`, `message_id`, `collection`, `timestamp`, `received_at`, `identifiers`, `by_platform`.
    `countries` has the default country for phones of each source that has one. `of_accounts` has the keys of events
    that definitions of accounts read: these are sighted on the account that their context names, too.
    """
    read = F.udf(isolated(reader(rules, countries, of_accounts)), "map<string, array<string>>")
    by_platform = (F.col("source_id") == PLATFORM).alias("by_platform")
    named = events.select(
        "event_id",
        "message_id",
        never_later(),
        "received_at",
        by_platform,
        F.explode(read(F.struct(*COLUMNS))).alias("collection", "identifiers"),
    )
    return named.where(F.size("identifiers") > 0)


def never_later() -> Column:
    """When an event happened. Rows from before this rule may claim a time after their receipt."""
    return F.least("timestamp", "received_at").alias("timestamp")


def reader(
    rules: dict, countries: dict[str, str], of_accounts: frozenset[Key] = frozenset()
) -> Callable[[Event], dict[str, list[str]]]:
    """Makes a function from an event to the identifiers of its person, most trusted first, and of its account.

    Blocked identifiers are left out.
    """

    def trusted(identifiers: Iterable[str]) -> list[str]:
        return by_trust((id_ for id_ in identifiers if not is_blocked(id_, rules)), rules)

    def read(event: Event) -> dict[str, list[str]]:
        if event["source_id"] == PLATFORM:
            return {"users": trusted(matched(event)), "accounts": []}
        country = countries.get(event["source_id"])
        stated = {normal for claim in claims(event, rules) if (normal := normalize(*claim, country))}
        people = trusted(stated)
        # The stream quarantines an event that names nobody as a whole, so its account does not count, either. A group
        # call may tell of its account alone, as the row of a company does.
        is_alone = event["type"] == "group" and not stated
        named = account_in(event, of_accounts) if people or is_alone else None
        account = None if named is None else normalize("group_id", named, None)
        return {"users": people, "accounts": trusted([account] if account else [])}

    return read


def account_in(event: Event, of_accounts: frozenset[Key]) -> object | None:
    """The account of a group call, or that in the context of an event that definitions of accounts read."""
    if event["type"] == "group":
        return event["group_id"]
    read = of_accounts and not of_accounts.isdisjoint(keys_of(event))
    return object_in(event["context"]).get("groupId") if read else None


def matched(event: Event) -> set[str]:
    """Identifiers that a match found to be one person's. A correction of a profile teaches the lake nothing new."""
    properties = object_in(event["properties"]) if event["type"] == "track" else {}
    listed = properties.get("identifiers")
    if "profile" in properties or not isinstance(listed, list):
        return set()
    return set(listed) if all(isinstance(id_, str) and IDENTIFIER.match(id_) for id_ in listed) else set()
