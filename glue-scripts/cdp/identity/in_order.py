"""Places events of people for whom a limit or a cap may bind, one after another in the order in which they happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cdp.identity.former_names import is_former
from cdp.identity.limits import Profile, linked_since
from cdp.identity.placement import Apart, Placement, by_trust, place

WRITE_ITEMS = 100
"""The stream writes at most this many items at once. An event that needs more by itself is quarantined there."""


@dataclass(frozen=True)
class Sighting:
    """An event and the identifiers in it. Times are microseconds since 1970."""

    event_id: str
    message_id: str
    timestamp: int
    received_at: int
    identifiers: tuple[str, ...]


@dataclass
class World:
    """Who owns which identifier, and whom each event belongs to, after the events taken in so far."""

    rules: dict
    apart: Apart = field(default_factory=Apart)
    owners: dict[str, Profile] = field(default_factory=dict)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    events: dict[str, Profile] = field(default_factory=dict)
    capped: dict[str, str] = field(default_factory=dict)
    survivors: dict[Profile, Profile] = field(default_factory=dict)

    def take_in_order(self, sightings: Iterable[Sighting]) -> "World":
        """Takes events in by (timestamp, message id, event id), whatever order they arrive in."""
        for sighting in sorted(sightings, key=lambda one: (one.timestamp, one.message_id, one.event_id)):
            self.take(sighting)
        return self

    def take(self, sighting: Sighting) -> None:
        trusted = by_trust(sighting.identifiers, self.rules)
        placement = place(trusted, sighting.received_at, self.owners.get, self.rules, self.apart)
        new = [identifier for identifier in placement.identifiers if identifier not in self.owners]
        # A claim of a former name also checks the identifier's item.
        items = 1 + len(placement.profiles) + len(new) + sum(map(is_former, new))
        rule = placement.capped or (
            f"cap of {WRITE_ITEMS} items in a write" if items > WRITE_ITEMS else None
        )
        if rule:
            self.capped[sighting.event_id] = rule
        else:
            self.apply(sighting, placement)

    def apply(self, sighting: Sighting, placement: Placement) -> None:
        profile, *absorbed = placement.profiles or [Profile(sighting.event_id, sighting.received_at)]
        for other in absorbed:
            self.merge(profile, other, sighting.received_at)
        for identifier in placement.identifiers:
            self.owners[identifier] = profile
            profile.identifiers.setdefault(identifier, sighting.received_at)
            first, last = self.seen.get(identifier, (sighting.timestamp, sighting.timestamp))
            self.seen[identifier] = min(first, sighting.timestamp), max(last, sighting.timestamp)
        # New identifiers first: their placement was decided with the links as they were until now.
        for identifier in placement.identifiers:
            profile.identifiers[identifier] = linked_since(profile, identifier, sighting.received_at, self.rules)
        self.events[sighting.event_id] = profile

    def merge(self, survivor: Profile, other: Profile, at: int) -> None:
        for identifier, linked in other.identifiers.items():
            self.owners[identifier] = survivor
            survivor.identifiers[identifier] = min(linked, survivor.identifiers.get(identifier, linked))
        for absorbed, when in {**other.merged, other.profile_id: at}.items():
            survivor.merged[absorbed] = min(when, survivor.merged.get(absorbed, when))
        self.survivors[other] = survivor

    def live(self, profile: Profile) -> Profile:
        """The profile into which a profile was finally merged."""
        while profile in self.survivors:
            profile = self.survivors[profile]
        return profile
