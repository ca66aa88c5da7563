"""Whom an event names: the identifiers it says, by the rules by which the stream reads them."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdp.identity.placement import by_trust
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.values.email import normalize_email
from cdp.values.exact_json import read_json
from cdp.values.phone import normalize_phone
from cdp.values.text import SPACE, lowered, units, visible

TYPE = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
QUOTED = re.compile(r"""(["'])(.*)\1""", re.DOTALL)
SAID = ("type", "user_id", "anonymous_id", "previous_id", "group_id", "source_id", "traits", "context", "properties")

Claim = tuple[str, object]


def sightings(events: DataFrame, rules: dict, countries: dict[str, str]) -> DataFrame:
    """One row an event and collection that it names somebody of: `event_id`, `message_id`, `collection`, `timestamp`, `received_at`, `identifiers`, `by_platform`.

    `countries` is the default country of each source that has one, for phone numbers.
    """
    read = F.udf(isolated(reader(rules, countries)), "map<string, array<string>>")
    by_platform = (F.col("source_id") == PLATFORM).alias("by_platform")
    named = events.select("event_id", "message_id", never_later(), "received_at", by_platform, F.explode(read(*SAID)).alias("collection", "identifiers"))
    return named.where(F.size("identifiers") > 0)


def never_later() -> Column:
    """When an event happened: rows that are older than this rule may say that it was later than its receipt."""
    return F.least("timestamp", "received_at").alias("timestamp")


def reader(rules: dict, countries: dict[str, str]) -> Callable[..., dict[str, list[str]]]:
    """Gives a function from an event's columns to the identifiers of the person, most trusted first, and of the account; blocked ones left out."""

    def read(type_: str, user_id: str, anonymous_id: str, previous_id: str, group_id: str, source_id: str, traits: str, context: str, properties: str) -> dict[str, list[str]]:
        if source_id == PLATFORM:
            return {"users": by_trust((id_ for id_ in matched(object_in(properties)) if not is_blocked(id_, rules)), rules), "accounts": []}
        event = {"traits": object_in(traits), "context": object_in(context), "properties": object_in(properties)}
        claims = [
            ("user_id", user_id),
            ("anonymous_id", anonymous_id),
            *([("anonymous_id", previous_id)] if type_ == "alias" else []),
            *contacts(type_, event),
            *devices(event["context"]),
            *external_ids(event["context"]),
            *((custom["type"], value_at(event, custom["path"])) for custom in rules["identifiers"]),
        ]
        said = {normal for kind, value in claims if (normal := normalize(kind, value, countries.get(source_id)))}
        people = by_trust((id_ for id_ in said if not is_blocked(id_, rules)), rules)
        # An event that names nobody is quarantined whole, and says nothing of its account.
        account = normalize("group_id", group_id, None) if type_ == "group" and people else None
        return {"users": people, "accounts": [account] if account and not is_blocked(account, rules) else []}

    return read


def object_in(text: str | None) -> dict:
    value = read_json(text) if text else None
    return value if isinstance(value, dict) else {}


def matched(properties: dict) -> set[str]:
    """Identifiers of people who were found to be one. What corrects a profile of the stream is known here already."""
    listed = properties.get("identifiers")
    return set() if "profile" in properties or not isinstance(listed, list) else {id_ for id_ in listed if isinstance(id_, str)}


def contacts(type_: str, event: dict) -> Iterator[Claim]:
    """An identify's own traits, and the context's of any call; a group's traits are the group's."""
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
    """All four fields are required; anything else is passed over."""
    listed = context.get("externalIds")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("type"), str) and TYPE.fullmatch(one["type"]) and one.get("collection") == "users" and one.get("encoding") == "none":
            yield one["type"], one.get("id")


def value_at(event: dict, path: str) -> object:
    value: object = event
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def normalize(kind: str, value: object, country: str | None) -> str | None:
    """`type:value` in its normal form; None for what is not what it claims to be."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip(SPACE)
    if kind == "email":
        normal = email(text)
    elif kind == "phone":
        normal = phone(text, country)
    else:
        normal = text if 0 < units(text) <= 500 else None
    return None if normal is None else f"{kind}:{normal}"


email = lru_cache(maxsize=10_000)(normalize_email)
phone = lru_cache(maxsize=10_000)(normalize_phone)


def is_blocked(id_: str, rules: dict) -> bool:
    """True for values that many people share, whatever their case, their quotes and signs that nobody sees in them."""
    kind, _, value = id_.partition(":")
    own = rules["blocked"].get(kind, {"values": [], "patterns": []})
    text = bare(value)
    return not text.strip("0-") or text in map(bare, [*rules["blockedValues"], *own["values"]]) or any(re.search(pattern, value, re.ASCII | re.DOTALL) for pattern in own["patterns"])


@lru_cache(maxsize=10_000)
def bare(value: str) -> str:
    text = visible(value)
    quoted = QUOTED.fullmatch(text)
    return lowered((quoted[2] if quoted else text).strip(SPACE))
