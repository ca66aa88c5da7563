"""Reads whom an event names: its identifiers, by the rules of the stream."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pyspark.sql import Column
from pyspark.sql import functions as F

from cdp.identity.claims import TYPE, Event, claims, object_in
from cdp.identity.normal_form import is_blocked, normalize
from cdp.identity.placement import by_trust
from cdp.stream.put_events import PLATFORM
from cdp.values.event_key import Key, keys_of

IDENTIFIER = re.compile(rf"{TYPE.pattern}(~\d{{1,15}})?:.", re.DOTALL)
COLUMNS = (
    *("type", "event", "name", "user_id", "anonymous_id", "previous_id", "group_id", "source_id"),
    *("traits", "context", "properties"),
)


class Named(NamedTuple):
    """Whom an event names: its person, most trusted first, and its account; and what it states that is blocked."""

    users: list[str]
    accounts: list[str]
    blocked: list[str]


def never_later() -> Column:
    """When an event happened. Rows from before this rule may claim a time after their receipt."""
    return F.least("timestamp", "received_at").alias("timestamp")


def reader(
    rules: dict, countries: Mapping[str, str], of_accounts: frozenset[Key] = frozenset()
) -> Callable[[Event], Named]:
    """Makes a function from an event to whom it names.

    `countries` has the default country for phones of each source that has one. `of_accounts` has the keys of events
    that definitions of accounts read: these name the account of their context, too.
    """

    def read(event: Event) -> Named:
        if event["source_id"] == PLATFORM:
            return named(matched(event), None)
        country = countries.get(event["source_id"])
        stated = {normal for claim in claims(event, rules) if (normal := normalize(*claim, country))}
        # The stream quarantines an event that names nobody as a whole, so its account does not count, either. A group
        # call may tell of its account alone, as the row of a company does.
        is_alone = event["type"] == "group" and not stated
        account = account_in(event, of_accounts)
        return named(stated, None if account is None else normalize("group_id", account, None), is_alone)

    def named(stated: set[str], account: str | None, is_alone: bool = False) -> Named:
        blocked = {id_ for id_ in (*stated, account) if id_ and is_blocked(id_, rules)}
        people = by_trust(stated - blocked, rules)
        counts = account and account not in blocked and (people or is_alone)
        return Named(people, [account] if counts else [], sorted(blocked))

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
