"""Tells where the stream may be short: it keeps only so many events of a window one by one."""

from cdp.segments.definitions import Answers, parts_of
from cdp.segments.matching import MOST_ITEMS
from cdp.segments.paths import field_at
from cdp.segments.person import Happened
from cdp.segments.readings import items_of
from cdp.segments.windows import Zones, is_in, is_moving

ONE_BY_ONE = 64
"""So many occurrences the stream keeps of a window."""
PAIRS = 2
"""Of more that complete a sequence in one stretch of time, it knows the last only nearly."""


def crowded(answers: Answers) -> set[str]:
    """Segments that count, add up or pair more occurrences in a moving window than the stream keeps."""
    return {key for key in answers.definitions.segments if is_crowded(key, answers, frozenset({key}))}


def is_crowded(key: str, answers: Answers, seen: frozenset[str]) -> bool:
    """By a segment's own rules, or through another that they read; not through those of accounts."""
    segments, traits = answers.definitions.segments, answers.definitions.traits
    segment = segments[key]
    for rule in parts_of(segment["where"]):
        other, computed = rule.get("inSegment"), traits.get(rule.get("trait"))
        if other in segments.keys() - seen and is_crowded(other, answers, seen | {other}):
            return True
        if computed is not None and is_full(computed["compute"], answers, answers.zones(computed)):
            return True
        if is_full(rule.get("compute", rule), answers, answers.zones(segment)):
            return True
    return False


def is_full(said: dict, answers: Answers, zones: Zones) -> bool:
    window = said.get("window")
    if "event" not in said or "occurrence" in said or not is_moving(window) or "olderThan" in window:
        return False
    # In a window that ends before now, it also keeps what came after its end.
    since = {"within": window["between"][1]} if "between" in window else window
    events = answers.matches.of(said["followedBy"] if "followedBy" in said else said)
    inside = [event for event in events if is_in(since, event.at, answers.now, zones)]
    if "followedBy" in said:
        return len(inside) > PAIRS
    return sum(occurrences(event, said.get("property")) for event in inside) > ONE_BY_ONE


def occurrences(event: Happened, name: str | None) -> int:
    """An event is one, and a property that is a list as many as its items."""
    return 1 if name is None else min(MOST_ITEMS, len(items_of(field_at(event.fields, name))))
