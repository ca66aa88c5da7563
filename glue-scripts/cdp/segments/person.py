"""What is known of a person, as far as segments ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from cdp.segments.zones import zone_of
from cdp.values.event_key import Key, keys_of
from cdp.values.exact_json import read_json, write_json
from cdp.values.fingerprint import fingerprint

COLUMNS = (
    *("type", "event", "name", "source_id", "message_id", "user_id", "anonymous_id", "group_id", "previous_id"),
    *("properties", "traits", "context"),
)
"""What segments read of an event beside its time, as the table `events` has it."""
MARKED = ("source_id", "message_id", "user_id", "anonymous_id", "group_id", "previous_id")
CONTACTS = ("email", "phone")
DEVICE = ("id", "type", "advertisingId", "adTrackingEnabled")


class Happened:
    """An event: when it happened, and what the table has of it; JSON is read when a definition asks for it."""

    def __init__(self, at: int, row: Mapping[str, str | None]) -> None:
        self.at, self.row = at, row

    @property
    def keys(self) -> tuple[Key, ...]:
        return keys_of(self.row)

    @cached_property
    def fields(self) -> dict:
        return object_in(self.row["traits" if self.row["type"] in ("identify", "group") else "properties"])

    @cached_property
    def context(self) -> dict:
        return object_in(self.row["context"])

    @cached_property
    def mark(self) -> str:
        """Tells its message from all others, as in the stream: of events at one time it gives the order."""
        named = {name: self.row[name] for name in ("source_id", "message_id", "user_id", "anonymous_id")}
        if self.row["type"] == "group":
            named["group_id"] = self.row["group_id"]
        if self.row["type"] == "alias":
            named["previous_id"] = self.row["previous_id"]
        told = [named.get(name) for name in MARKED]
        own = object_in(self.row["traits"]) if self.row["type"] == "identify" else {}
        for fields, names in ((own, CONTACTS), (self.inside("traits"), CONTACTS), (self.inside("device"), DEVICE)):
            told += [fields.get(name) for name in names]
        return fingerprint(*map(text_of, (*told, self.context.get("externalIds"))))

    def inside(self, name: str) -> dict:
        value = self.context.get(name)
        return value if isinstance(value, dict) else {}


def object_in(text: str | None) -> dict:
    value = read_json(text) if text else None
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """A text unchanged, any other value as JSON."""
    return value if isinstance(value, str) else "" if value is None else write_json(value)


@dataclass(frozen=True)
class Account:
    """What a person's segments may ask about one of their accounts."""

    traits: Mapping[str, object] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """One person, or an account."""

    profile_id: str
    since: int
    """When it was first seen."""
    clock: int
    """When the latest of its events happened: no answer is about a time before it."""
    traits: Mapping[str, object] = field(default_factory=dict)
    granted: Mapping[str, bool] = field(default_factory=dict)
    """What was said about categories of data use."""
    identifiers: frozenset[str] = frozenset()
    """Their types."""
    accounts: tuple[Account, ...] = ()
    events: tuple[Happened, ...] = ()

    def with_traits(self, traits: Mapping[str, object]) -> "Person":
        return replace(self, traits=traits)

    def zone(self, zone: str | dict) -> ZoneInfo:
        """The zone of a definition for this person: its own, if a trait names one that there is."""
        if isinstance(zone, str):
            return zone_of(zone)
        own = self.traits.get(zone["trait"])
        return (zone_of(own) if isinstance(own, str) else None) or zone_of(zone["default"])
