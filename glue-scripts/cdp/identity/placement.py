"""Decides whom an event belongs to, by the rules of the stream (`lambdas/core/stitching/placement/placement.ts`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdp.identity.former_names import plain
from cdp.identity.limits import Link, Profile, broken_limit, passed_cap, type_of


@dataclass(frozen=True)
class Apart:
    """What operators took apart: pairs of profiles that never become one, and identifiers known to belong to either."""

    pairs: frozenset[frozenset[str]] = frozenset()
    homes: Mapping[str, str] = field(default_factory=dict)

    def divides(self, identifiers: Iterable[str]) -> bool:
        """Whether the identifiers belong to both profiles of a pair."""
        if not self.pairs:
            return False
        there = {self.homes[identifier] for identifier in identifiers if identifier in self.homes}
        return any(pair <= there for pair in self.pairs)


@dataclass(frozen=True)
class Placement:
    """Profiles that an event names, oldest first.

    Identifiers it keeps; those dropped, each with its rule; the cap it would pass.
    """

    profiles: list[Profile]
    identifiers: list[str]
    dropped: list[tuple[str, str]]
    capped: str | None


def place(
    identifiers: Sequence[str], received_at: int, owner_of: Callable[[str], Profile | None], rules: dict, apart: Apart
) -> Placement:
    """Drops the least trusted identifier until the named profiles, as one, break no rule by what is added."""
    kept, dropped = list(identifiers), []
    while True:
        profiles = sorted({profile for profile in map(owner_of, kept) if profile}, key=lambda profile: profile.age)
        union = union_of(profiles, kept, received_at)
        rule = union and (apart.divides(union) and "unmerged" or broken_limit(union, rules))
        if not rule or len(kept) <= 1:
            return Placement(profiles, kept, dropped, union and passed_cap(profiles, union, received_at, rules))
        dropped.append((kept.pop(), rule))


def union_of(profiles: list[Profile], added: list[str], received_at: int) -> dict[str, Link] | None:
    """Each identifier of the profiles taken as one; None when the event adds nothing to a single profile."""
    if len(profiles) == 1 and all(identifier in profiles[0].identifiers for identifier in added):
        return None
    union: dict[str, Link] = {}
    for profile in profiles:
        union.update({identifier: (at, profile) for identifier, at in profile.identifiers.items()})
    for identifier in added:
        union.setdefault(identifier, (received_at, None))
    return union


def by_trust(identifiers: Iterable[str], rules: dict) -> list[str]:
    """Most trusted first, then by value. Types that the rules do not name come just before `anonymous_id`.

    A former name has the place of its identifier.
    """
    ranks = {type_: rank for rank, type_ in enumerate(rules["priority"])}
    other = ranks.get("anonymous_id", len(ranks)) - 0.5
    return sorted(identifiers, key=lambda one: (ranks.get(type_of(plain(one)), other), plain(one), one))
