"""Whom an event claims to be of, as it was sent, by the rules of the stream."""

import re
from collections.abc import Iterator, Mapping

from pyspark.sql import Row

from cdp.values.exact_json import read_json

TYPE = re.compile(r"[a-z][a-z0-9_.-]{0,39}")

Event = Mapping[str, str | None] | Row
"""These columns of an event."""
Claim = tuple[str, object]


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
