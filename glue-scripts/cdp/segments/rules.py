"""Decides whether a rule is true of a person, from the list of their events and what else is known of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cdp.segments.anniversaries import is_ahead
from cdp.segments.fulfils import fulfils
from cdp.segments.matching import Matches, list_events
from cdp.segments.paths import field_at
from cdp.segments.person import Person
from cdp.segments.readings import instant_of, items_of
from cdp.segments.windows import Zones, is_in, length
from cdp.values.fingerprint import place_of

LONGEST_CATEGORY = 100
"""A category of data use with a longer name is never granted."""
COUNTS: dict[str, Callable[[int, int], bool]] = {
    "atLeast": lambda n, value: n >= value,
    "atMost": lambda n, value: n <= value,
    "exactly": lambda n, value: n == value,
}


@dataclass(frozen=True)
class Scene:
    """What a rule is asked about: a person at a time, in a zone."""

    person: Person
    matches: Matches
    now: int
    zones: Zones
    member: Callable[[str], bool]
    """Whether the person is in a segment."""
    computed: Callable[[dict, Zones], object]
    """What a computation gives."""
    traits: dict[str, Callable[[], object]]
    """Computed traits by their keys."""

    def is_in(self, window: dict | None, at: int) -> bool:
        return is_in(window, at, self.now, self.zones)


def holds(rule: dict, scene: Scene) -> bool:
    """Whether a rule of the language is true; each form has a field that no other has."""
    return next(decide for name, decide in FORMS.items() if name in rule)(rule, scene)


def of_trait(rule: dict, scene: Scene) -> bool:
    name, operator = rule["trait"], rule["operator"]
    if name in scene.traits:
        return fulfils(rule, scene.traits[name](), scene.zones.own)
    value, now, zone = field_at(scene.person.traits, name), scene.now, scene.zones.own
    if operator == "anniversary":
        return any(is_ahead(item, rule["from"], rule["to"], now, zone) for item in items_of(value))
    if operator not in ("during", "inNext"):
        return fulfils(rule, value, zone)
    instants = [at for item in items_of(value) if (at := instant_of(item, zone)) is not None]
    if operator == "during":
        return any(scene.is_in(rule["window"], at) for at in instants)
    return any(at - length(rule["value"]) <= now < at for at in instants)


def of_count(rule: dict, scene: Scene) -> bool:
    count = rule.get("count") or {"operator": "atLeast", "value": 1}
    times = sum(scene.is_in(rule.get("window"), event.at) for event in scene.matches.of(rule))
    return COUNTS[count["operator"]](times, count["value"])


def of_occurrence(rule: dict, scene: Scene) -> bool:
    events = scene.matches.of(rule)
    return bool(events) and scene.is_in(rule["window"], events[0 if rule["occurrence"] == "first" else -1].at)


def of_sequence(rule: dict, scene: Scene) -> bool:
    """Of equal times neither order is claimed. Fixed dates are for both events, other windows for the second."""
    window, apart = rule.get("window"), length(rule["apart"])
    first, second = ([event.at for event in scene.matches.of(match)] for match in (rule, rule["followedBy"]))
    if window and {"from", "to"} & window.keys():
        first = [at for at in first if scene.is_in(window, at)]
    second = [at for at in second if scene.is_in(window, at)]
    return any(b - a < apart for b, a in latest_before(second, first))


def latest_before(times: list[int], others: list[int]) -> list[tuple[int, int]]:
    """Each time that has others before it, with the latest of them; both lists are in order."""
    pairs, n = [], 0
    for at in times:
        while n < len(others) and others[n] < at:
            n += 1
        if n > 0:
            pairs.append((at, others[n - 1]))
    return pairs


def is_absent(first: dict, second: dict, apart: int, scene: Scene) -> bool:
    """The second at the same time as the first may have come after it, so nothing is claimed."""
    begun, ended = scene.matches.of(first), scene.matches.of(second)
    return bool(begun) and scene.now >= begun[-1].at + apart and not (ended and ended[-1].at >= begun[-1].at)


def of_account(rule: dict, scene: Scene) -> bool:
    """Nothing but traits and segments is known of a person's accounts."""
    scenes = (
        replace(scene, person=scene.person.with_traits(one.traits), traits={}, member=one.segments.__contains__)
        for one in scene.person.accounts
    )
    return any(holds(rule["account"], each) for each in scenes)


def of_consent(rule: dict, scene: Scene) -> bool:
    category = rule["consent"]
    granted = False if len(category) > LONGEST_CATEGORY else scene.person.granted.get(category)
    return granted is {"granted": True, "denied": False, "unknown": None}[rule["is"]]


def has_identifier(rule: dict, scene: Scene) -> bool:
    return (rule["identifier"] in scene.person.identifiers) == (rule["operator"] == "exists")


FORMS: dict[str, Callable[[dict, Scene], bool]] = {
    "all": lambda rule, scene: all(holds(part, scene) for part in rule["all"]),
    "any": lambda rule, scene: any(holds(part, scene) for part in rule["any"]),
    "not": lambda rule, scene: not holds(rule["not"], scene),
    "trait": of_trait,
    "compute": lambda rule, scene: fulfils(rule, scene.computed(rule["compute"], scene.zones), scene.zones.own),
    "inSegment": lambda rule, scene: scene.member(rule["inSegment"]),
    "inList": lambda rule, scene: is_absent(*list_events(rule["inList"]), 0, scene),
    "consent": of_consent,
    "identifier": has_identifier,
    "knownFor": lambda rule, scene: scene.now >= scene.person.since + length(rule["knownFor"]),
    "account": of_account,
    "sample": lambda rule, scene: place_of(rule["sample"], scene.person.profile_id) < rule["percent"] / 100,
    "followedBy": of_sequence,
    "notFollowedBy": lambda rule, scene: is_absent(rule, rule["notFollowedBy"], length(rule["apart"]), scene),
    "occurrence": of_occurrence,
    "event": of_count,
}
