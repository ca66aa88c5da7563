"""Finds the events that a definition means, in order, and what it takes of each."""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby

from cdp.segments.fulfils import fulfils
from cdp.segments.paths import field_at
from cdp.segments.person import Happened
from cdp.segments.readings import items_of
from cdp.segments.zones import zone_of
from cdp.values.event_key import Key
from cdp.values.exact_json import SentNumber, is_number, number_text, quoted
from cdp.values.fingerprint import fingerprint

MOST_ITEMS = 20
"""How many items of a list count, which a property of one event may be."""
LONGEST_TEXT = 48
"""The longest text that the stream keeps, in bytes of JSON; of a longer one its beginning and a hash."""


def key_of(match: dict) -> Key:
    """The key of events that a definition means."""
    event = match["event"]
    return ("track", event) if isinstance(event, str) else (event["type"], event.get("name"))


@cache
def list_events(key: str) -> tuple[dict, dict]:
    """Events by which people are put on a list that was uploaded, and taken off it."""
    where = [{"property": "list", "operator": "equals", "value": key}]
    return {"event": "List Member Added", "where": where}, {"event": "List Member Removed", "where": where}


class Matches:
    """A person's events by what definitions mean; what was found once is kept."""

    def __init__(self, events: Iterable[Happened]) -> None:
        self.found: dict[int, list[Happened]] = {}
        self.by_key: dict[Key, list[Happened]] = {}
        for event in in_order(events):
            for key in event.keys:
                self.by_key.setdefault(key, []).append(event)

    def of(self, match: dict) -> list[Happened]:
        """Events that match, in order. A definition is known by its object, which lives as long as the job."""
        if id(match) not in self.found:
            filters = match.get("where") or ()
            some = self.by_key.get(key_of(match), [])
            self.found[id(match)] = [one for one in some if all(is_fulfilled(said, one) for said in filters)]
        return self.found[id(match)]


def in_order(events: Iterable[Happened]) -> Iterator[Happened]:
    """By time, and at the same time by their marks, which cost time to make."""
    for _, some in groupby(sorted(events, key=lambda event: event.at), key=lambda event: event.at):
        at_once = list(some)
        yield from sorted(at_once, key=lambda event: event.mark) if len(at_once) > 1 else at_once


def is_fulfilled(said: dict, event: Happened) -> bool:
    of_context = "context" in said
    value = field_at(event.context if of_context else event.fields, said["context" if of_context else "property"])
    return fulfils(said, value, zone_of("UTC"))


def taken(event: Happened, name: str, read: Callable[[object], object | None]) -> list:
    """What is taken of a property, of a list of each item: in the order in which the stream has them."""
    items = items_of(field_at(event.fields, name))[:MOST_ITEMS]
    kept = [value for item in items if (value := read(item)) is not None]
    # The stream tells items of one event by texts: the first, .1, .10, .2.
    return [kept[n] for n in sorted(range(len(kept)), key=lambda n: f".{n}" if n else "")]


def scalar_of(item: object) -> str | float | bool | None:
    if is_number(item):
        number = float(item.text) if isinstance(item, SentNumber) else item
        return number if math.isfinite(number) else None
    return item if isinstance(item, str | bool) else None


def kept_scalar(item: object) -> str | float | bool | None:
    scalar = scalar_of(item)
    return shortened(scalar) if isinstance(scalar, str) else scalar


def text_of(scalar: str | float | bool) -> str:
    """A scalar as JavaScript writes it."""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return scalar if isinstance(scalar, str) else number_text(scalar)


def kept_text(item: object) -> str | None:
    scalar = scalar_of(item)
    return None if scalar is None else shortened(text_of(scalar))


def typed_text(item: object) -> tuple[str, str] | None:
    """A scalar as a text that a number and a text of the same digits do not share."""
    scalar = scalar_of(item)
    kind = "boolean" if isinstance(scalar, bool) else "string" if isinstance(scalar, str) else "number"
    return None if scalar is None else (kind, text_of(scalar))


def shortened(text: str) -> str:
    """A text that is too long keeps its beginning, and what tells it from others."""
    if size(text) <= LONGEST_TEXT:
        return text
    kept, room = "", LONGEST_TEXT - 12
    for letter in text:
        room -= size(letter)
        if room < 0:
            break
        kept += letter
    return f"{kept}…{fingerprint(text)}"


def size(text: str) -> int:
    """Bytes of a text in JSON, without its quotes; the stream writes half a sign as six."""
    halves = sum("\ud800" <= letter <= "\udfff" for letter in text)
    return len(quoted(text).encode("utf-8", "surrogatepass")) - 2 + 3 * halves
