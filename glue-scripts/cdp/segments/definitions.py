"""Holds the definitions of a deployment, and asks them about a person."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from cdp.identity.collection import ACCOUNTS
from cdp.segments.computations import Computing
from cdp.segments.matching import Matches, key_of, list_events
from cdp.segments.person import Person
from cdp.segments.rules import Scene, holds
from cdp.segments.windows import Zones, is_moving
from cdp.segments.zones import zone_of
from cdp.values.event_key import Key

PARTS = ("all", "any")
ONE = ("not", "account")
PARTS_OF = ("segments", "traits")
"""Parts of a configuration that define."""


class Definitions:
    """Segments and computed traits in their closed form of JSON, which the deployment has checked."""

    @classmethod
    def of(cls, config: Mapping[str, object], collection: str) -> "Definitions":
        """Those of a configuration that are about people, or about accounts."""
        about = "accounts" if collection == ACCOUNTS else "people"
        parts = ([one for one in config.get(part) or () if one.get("of", "people") == about] for part in PARTS_OF)
        return cls(*parts)

    def __init__(self, segments: Sequence[dict], traits: Sequence[dict] = ()) -> None:
        self.segments = {one["key"]: one for one in segments}
        self.traits = {one["key"]: one for one in traits}
        for one in (*segments, *traits):
            zone = one.get("zone") or "UTC"
            if zone_of(zone if isinstance(zone, str) else zone["default"]) is None:
                raise LookupError(f"no time zone of this machine is that of the definition {one['key']}")

    def event_keys(self) -> frozenset[Key]:
        """Keys of the events that some definition reads."""
        matches = [one["compute"] for one in self.traits.values()]
        for rule in self.rules():
            matches += [rule[name] for name in ("followedBy", "notFollowedBy", "compute") if name in rule]
            matches += [rule] if "event" in rule else list_events(rule["inList"]) if "inList" in rule else []
        return frozenset(map(key_of, matches))

    def reads(self, form: str) -> bool:
        """Whether a rule of this form is somewhere in the segments, or in what computed traits need."""
        needed = (one["allowed"] for one in self.traits.values() if "allowed" in one)
        return any(form in rule for rule in (*self.rules(), *(part for one in needed for part in parts_of(one))))

    def are_timed(self) -> bool:
        """Whether time alone moves somebody into a segment or out of it."""
        windows = [rule.get("window") or rule.get("compute", {}).get("window") for rule in self.rules()]
        windows += [one["compute"].get("window") for one in self.traits.values()]
        dated = any(rule.get("operator") in ("inNext", "anniversary") for rule in self.rules())
        return dated or self.reads("knownFor") or self.reads("notFollowedBy") or any(map(is_moving, windows))

    def rules(self) -> Iterator[dict]:
        for segment in self.segments.values():
            yield from parts_of(segment["where"])

    def about(self, person: Person, now: int) -> "Answers":
        """What they say of a person at a time, or at that of their latest event if it is later."""
        return Answers(self, person, max(now, person.clock))


class Answers:
    """What definitions say of one person at one time."""

    def __init__(self, definitions: Definitions, person: Person, now: int) -> None:
        self.definitions, self.person, self.now = definitions, person, now
        self.matches = Matches(person.events)
        self.is_member, self.trait = cache(self.is_member), cache(self.trait)

    def is_member(self, key: str) -> bool:
        segment = self.definitions.segments[key]
        return holds(segment["where"], self.scene(segment))

    def memberships(self) -> list[str]:
        """Keys of the segments that the person is in."""
        return sorted(key for key in self.definitions.segments if self.is_member(key))

    def trait(self, key: str) -> object | None:
        """What a computed trait is; None where there is nothing to say."""
        trait = self.definitions.traits[key]
        if "allowed" in trait and not holds(trait["allowed"], self.scene(trait)):
            return None
        return self.compute(trait["compute"], self.zones(trait))

    def traits(self) -> Mapping[str, object]:
        """The computed traits that say something."""
        values = {key: self.trait(key) for key in self.definitions.traits}
        return {key: value for key, value in values.items() if value is not None}

    def compute(self, compute: dict, zones: Zones) -> object | None:
        return Computing(compute, self.matches, self.now, zones).value()

    def zones(self, definition: dict) -> Zones:
        zone = definition.get("zone") or "UTC"
        named = zone if isinstance(zone, str) else zone["default"]
        return Zones(zone_of(named), self.person.zone(zone))

    def scene(self, definition: dict) -> Scene:
        traits = {key: lambda key=key: self.trait(key) for key in self.definitions.traits}
        return Scene(self.person, self.matches, self.now, self.zones(definition), self.is_member, self.compute, traits)


def parts_of(rule: dict) -> Iterator[dict]:
    """A rule and all rules that it consists of."""
    yield rule
    inside = [part for name in PARTS for part in rule.get(name, ())] + [rule[name] for name in ONE if name in rule]
    for part in inside:
        yield from parts_of(part)


def traits_asked(segments: Sequence[dict], traits: Sequence[dict] = ()) -> dict[str, frozenset[str]]:
    """The names of the stored traits that each segment compares, by itself or through others."""
    computed = {one["key"] for one in traits}

    def compared(rules: Sequence[dict]) -> frozenset[str]:
        names = {rule["trait"] for rule in rules if "trait" in rule} - computed
        return frozenset(names | {name.split(".")[0] for name in names})

    return asked_through(segments, compared)


def asked_through(
    segments: Sequence[dict], asked: Callable[[Sequence[dict]], frozenset[str]]
) -> dict[str, frozenset[str]]:
    """What rules ask for, of each of these segments and of those among them that it asks for."""
    own = {one["key"]: [*parts_of(one["where"])] for one in segments}

    def through(key: str, seen: frozenset[str]) -> frozenset[str]:
        others = (segments_in(own[key]) & own.keys()) - seen
        return asked(own[key]).union(*(through(other, seen | {other}) for other in others))

    return {key: through(key, frozenset({key})) for key in own}


def segments_in(rules: Iterable[dict]) -> frozenset[str]:
    """Keys of segments that rules name."""
    return frozenset(rule["inSegment"] for rule in rules if "inSegment" in rule)
