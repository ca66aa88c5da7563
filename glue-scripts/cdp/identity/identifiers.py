"""Reads whom an event names: its identifiers, by the rules of the stream."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from cdp.identity.normal_form import is_blocked, normalize
from cdp.identity.placement import by_trust
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.values.event_key import Key, keys_of
from cdp.values.exact_json import read_json

TYPE = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
IDENTIFIER = re.compile(f"{TYPE.pattern}:.", re.DOTALL)
COLUMNS = (
    *("type", "event", "name", "user_id", "anonymous_id", "previous_id", "group_id", "source_id"),
    *("traits", "context", "properties"),
)

Event = Mapping[str, str | None] | Row
"""These columns of an event."""
Claim = tuple[str, object]


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


def claims(event: Event, rules: dict) -> Iterator[Claim]:
    """Whom an event claims to be of: types and values as sent."""
    sent = {name: object_in(event[name]) for name in ("traits", "context", "properties")}
    yield "user_id", event["user_id"]
    yield "anonymous_id", event["anonymous_id"]
    if event["type"] == "alias":
        yield "anonymous_id", event["previous_id"]
    yield from contacts(event["type"], sent)
    yield from devices(sent["context"])
    yield from external_ids(sent["context"])
    for custom in rules["identifiers"]:
        yield custom["type"], value_at(sent, custom["path"])


def object_in(text: str | None) -> dict:
    value = read_json(text) if text else None
    return value if isinstance(value, dict) else {}


def matched(event: Event) -> set[str]:
    """Identifiers that a match found to be one person's. A correction of a profile teaches the lake nothing new."""
    properties = object_in(event["properties"]) if event["type"] == "track" else {}
    listed = properties.get("identifiers")
    if "profile" in properties or not isinstance(listed, list):
        return set()
    return set(listed) if all(isinstance(id_, str) and IDENTIFIER.match(id_) for id_ in listed) else set()


def contacts(type_: str, event: dict) -> Iterator[Claim]:
    """The traits of an identify, and those in the context of any call. A group's traits describe the group."""
    for traits in (event["context"].get("traits"), event["traits"] if type_ == "identify" else None):
        if isinstance(traits, dict):
            yield "email", traits.get("email")
            yield "phone", traits.get("phone")


def devices(context: dict) -> Iterator[Claim]:
    device = context.get("device")
    if not isinstance(device, dict):
        return
    kind = device.get("type")
    system = kind.lower() if isinstance(kind, str) and kind.lower() in ("ios", "android") else "device"
    yield f"{system}.id", device.get("id")
    if device.get("adTrackingEnabled") is True:
        yield f"{system}.idfa", device.get("advertisingId")


def external_ids(context: dict) -> Iterator[Claim]:
    """External ids with all four fields; others are ignored."""
    listed = context.get("externalIds")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and (one.get("collection"), one.get("encoding")) == ("users", "none"):
            type_ = one.get("type")
            if isinstance(type_, str) and TYPE.fullmatch(type_):
                yield type_, one.get("id")


def value_at(event: dict, path: str) -> object:
    value: object = event
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
