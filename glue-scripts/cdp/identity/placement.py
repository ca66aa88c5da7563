"""Whom an event belongs to, by the rules of the stream (`lambdas/core/stitching/placement.ts`)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

MINUTE = 60_000_000
DAY = 1440 * MINUTE
IDENTIFIER_BYTES = 48 * 1024
"""Bytes that a profile's identifiers may take together, as in the stream."""
WINDOWS = {"ever": inf, "weekly": 7 * DAY, "monthly": 30 * DAY, "annually": 365 * DAY}


@dataclass(eq=False)
class Profile:
    """A person or an account in the making. Times are microseconds since 1970; identifiers and merges each have when they were received."""

    profile_id: str
    created_at: int
    identifiers: dict[str, int] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)

    @property
    def age(self) -> tuple[int, str]:
        """The smallest is the oldest, and survives a merge."""
        return self.created_at, self.profile_id


Link = tuple[int, Profile | None]
"""Since when an identifier is linked, and to which profile; to none where an event adds it now."""


@dataclass(frozen=True)
class Apart:
    """What operators parted: profiles that never become one, and the identifiers that are known to be theirs."""

    pairs: frozenset[frozenset[str]] = frozenset()
    homes: Mapping[str, str] = field(default_factory=dict)

    def divides(self, identifiers: Iterable[str]) -> bool:
        """Whether some of the identifiers are of one and some of the other of such a pair."""
        if not self.pairs:
            return False
        there = {self.homes[identifier] for identifier in identifiers if identifier in self.homes}
        return any(pair <= there for pair in self.pairs)


@dataclass(frozen=True)
class Placement:
    """Profiles that an event names, oldest first, identifiers it keeps, those dropped each with its rule, and the cap it would pass."""

    profiles: list[Profile]
    identifiers: list[str]
    dropped: list[tuple[str, str]]
    capped: str | None


def place(identifiers: Sequence[str], received_at: int, owner_of: Callable[[str], Profile | None], rules: dict, apart: Apart) -> Placement:
    """While the profiles that are named, taken as one, would break a rule by what is added, the least trusted identifier is dropped and the rest looked up again."""
    kept, dropped = list(identifiers), []
    while True:
        profiles = sorted({profile for profile in map(owner_of, kept) if profile}, key=lambda profile: profile.age)
        union = union_of(profiles, kept, received_at)
        rule = union and (apart.divides(union) and "unmerged" or broken_limit(union, rules))
        if not rule or len(kept) <= 1:
            return Placement(profiles, kept, dropped, union and passed_cap(profiles, union, received_at, rules))
        dropped.append((kept.pop(), rule))


def union_of(profiles: list[Profile], added: list[str], received_at: int) -> dict[str, Link] | None:
    """Each identifier of the profiles taken as one; None when nothing is added to a single profile."""
    if len(profiles) == 1 and all(identifier in profiles[0].identifiers for identifier in added):
        return None
    union: dict[str, Link] = {}
    for profile in profiles:
        union.update({identifier: (at, profile) for identifier, at in profile.identifiers.items()})
    for identifier in added:
        union.setdefault(identifier, (received_at, None))
    return union


def type_of(identifier: str) -> str:
    return identifier.partition(":")[0]


def limit_of(type_: str, rules: dict) -> tuple[int, str]:
    """How many identifiers of a type a profile takes on, and within which window."""
    limit = rules["limits"].get(type_, {"max": rules["defaultLimit"]})
    return limit["max"], limit.get("window", "ever")


def broken_limit(union: Mapping[str, Link], rules: dict) -> str | None:
    """The limit that profiles taken as one would break by what is added to any of them: more links of a type within a window than the limit allows,
    unless all of them are one profile's already. A window reaches both ways, for receipts come in any order."""
    by_type: dict[str, list[Link]] = {}
    for identifier, link in union.items():
        by_type.setdefault(type_of(identifier), []).append(link)
    for type_, links in by_type.items():
        most, window = limit_of(type_, rules)
        links.sort(key=lambda link: link[0])
        spans = (links[first : first + most + 1] for first in range(len(links) - most))
        if any(span[-1][0] - span[0][0] < WINDOWS[window] and not are_of_one(span) for span in spans):
            return f"limit {type_} {most} {window}"
    return None


def are_of_one(links: list[Link]) -> bool:
    owners = {owner for _, owner in links}
    return len(owners) == 1 and None not in owners


def linked_since(profile: Profile, identifier: str, at: int, rules: dict) -> int:
    """Since when an identifier that a profile has counts as linked, once an event received at `at` says it: since the earlier of the two, unless that would break a limit."""
    linked, type_ = profile.identifiers.get(identifier, at), type_of(identifier)
    if linked <= at or limit_of(type_, rules)[1] == "ever":
        return min(linked, at)
    same = {other: (since, profile) for other, since in profile.identifiers.items() if type_of(other) == type_}
    return linked if broken_limit(same | {identifier: (at, None)}, rules) else at


def passed_cap(profiles: list[Profile], identifiers: Collection[str], received_at: int, rules: dict) -> str | None:
    """Caps bound what a profile may become; the breaker stops one that merges too fast."""
    caps, breaker, merges = rules["caps"], rules["breaker"], len(profiles) - 1
    if rule := outgrown(identifiers, caps):
        return rule
    if merges < 1:
        return None
    times = [at for profile in profiles for at in profile.merged.values()]
    if len(times) + merges > caps["merges"]:
        return f"cap of {caps['merges']} merges"
    near = sum(abs(received_at - at) < breaker["minutes"] * MINUTE for at in times)
    return f"breaker of {breaker['merges']} merges in {breaker['minutes']} minutes" if near + merges > breaker["merges"] else None


def outgrown(identifiers: Collection[str], caps: dict) -> str | None:
    """The cap that so many, or such long, identifiers of one profile pass."""
    if len(identifiers) > caps["identifiers"]:
        return f"cap of {caps['identifiers']} identifiers"
    too_long = sum(len(one.encode()) for one in identifiers) > IDENTIFIER_BYTES
    return f"cap of {IDENTIFIER_BYTES} bytes of identifiers" if too_long else None


def by_trust(identifiers: Iterable[str], rules: dict) -> list[str]:
    """Most trusted first, then by value; types that the rules do not name come just before `anonymous_id`."""
    ranks = {type_: rank for rank, type_ in enumerate(rules["priority"])}
    other = ranks.get("anonymous_id", len(ranks)) - 0.5
    return sorted(identifiers, key=lambda one: (ranks.get(type_of(one), other), one))
