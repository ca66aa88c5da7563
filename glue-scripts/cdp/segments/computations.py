"""Computes what computed traits say, from the list of a person's events.

Where a definition has room for so many values, these are the ones that the stream keeps; sums and counts are exact
however many events there are.
"""

from collections import Counter
from collections.abc import Iterator

from cdp.segments.matching import Matches, kept_scalar, kept_text, taken, typed_text
from cdp.segments.readings import amount_of, number_of_amount
from cdp.segments.windows import Zones, is_in, is_moving
from cdp.values.fingerprint import fingerprint
from cdp.values.times import format_instant

KEPT, MOST_KEPT = 32, 64
"""Room for values unless a definition says, and for distinct ones."""
Entry = tuple[int, object]
"""When, and a value."""


class Computing:
    """A computation at a time, over the events of one person."""

    def __init__(self, compute: dict, matches: Matches, now: int, zones: Zones) -> None:
        self.compute, self.window, self.property = compute, compute.get("window"), compute.get("property")
        self.events, self.now, self.zones = matches.of(compute), now, zones

    def value(self) -> object | None:
        """What a computation gives; None where there is nothing to say. A count or a sum of nothing is 0."""
        kind = self.compute["kind"]
        if kind in ("sum", "average", "minimum", "maximum"):
            return self.of_amounts(kind)
        if kind in ("first", "last", "firstTime", "lastTime"):
            return self.of_one(kind)
        if kind == "mostFrequent":
            return self.most_frequent()
        if kind == "count":
            return len(self.inside([(event.at, event) for event in self.events]))
        values = self.values(typed_text if kind == "distinct" else kept_text, MOST_KEPT if kind == "distinct" else KEPT)
        return len(values) if kind == "distinct" else values

    def inside(self, entries: list[Entry]) -> list[Entry]:
        """Entries whose time is in the window."""
        return [entry for entry in entries if is_in(self.window, entry[0], self.now, self.zones)]

    def entries(self, read) -> Iterator[Entry]:
        """What is taken of each event, in order."""
        for event in self.events:
            for value in taken(event, self.property, read):
                yield event.at, value

    def of_amounts(self, kind: str) -> float | None:
        amounts = [amount for _, amount in self.inside([*self.entries(amount_of)])]
        if kind == "sum":
            return number_of_amount(sum(amounts))
        if not amounts:
            return None
        if kind == "average":
            return number_of_amount(sum(amounts)) / len(amounts)
        return number_of_amount(min(amounts) if kind == "minimum" else max(amounts))

    def of_one(self, kind: str) -> object | None:
        """The first or the last; in a window that moves on, of the latest that the stream keeps."""
        if kind in ("firstTime", "lastTime"):
            entries = [(event.at, format_instant(event.at)) for event in self.events]
        else:
            # Of a list the first item.
            each = ((event.at, taken(event, self.property, kept_scalar)[:1]) for event in self.events)
            entries = [(at, value) for at, values in each for value in values]
        found = self.inside(entries[-KEPT:] if is_moving(self.window) else entries)
        return found[0 if kind.startswith("first") else -1][1] if found else None

    def values(self, read, keep: int) -> list:
        """Distinct values whose last time is in the window, the newest first."""
        last: dict[object, int] = {}
        for at, value in self.entries(read) if is_moving(self.window) else self.inside([*self.entries(read)]):
            last[value] = at
        newest = sorted(last.items(), key=lambda item: (-item[1], item[0]))[: self.compute.get("keep") or keep]
        return [value for value, at in newest if is_in(self.window, at, self.now, self.zones)]

    def most_frequent(self) -> str | None:
        """Of several the first by code points. Beyond the room for values, of those with the smallest fingerprints."""
        keep = self.compute.get("keep") or KEPT
        entries = [*self.entries(kept_text)]
        if is_moving(self.window):
            counts = Counter(text for _, text in self.inside(entries[-keep:]))
        else:
            counts = Counter(text for _, text in self.inside(entries))
            if len(counts) > keep:
                counts = {text: counts[text] for text in sorted(counts, key=lambda one: (fingerprint(one), one))[:keep]}
        return min(counts, key=lambda text: (-counts[text], text), default=None)
