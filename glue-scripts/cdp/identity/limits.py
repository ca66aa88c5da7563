"""Limits, caps and the breaker: what a profile may become, by the rules of the stream."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import inf

from cdp.identity.former_names import is_former

MINUTE = 60_000_000
DAY = 1440 * MINUTE
IDENTIFIER_BYTES = 48 * 1024
"""Bytes that a profile's identifiers may take together, as in the stream."""
WINDOWS = {"ever": inf, "weekly": 7 * DAY, "monthly": 30 * DAY, "annually": 365 * DAY}


@dataclass(eq=False)
class Profile:
    """A person or an account in the making. Each identifier and merge has the time, in microseconds, of its receipt."""

    profile_id: str
    created_at: int
    identifiers: dict[str, int] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)

    @property
    def age(self) -> tuple[int, str]:
        """Orders profiles by age. The smallest is the oldest, which survives a merge."""
        return self.created_at, self.profile_id


Link = tuple[int, Profile | None]
"""Since when an identifier is linked, and to which profile; None if the event adds it now."""


def type_of(identifier: str) -> str:
    return identifier.partition(":")[0]


def limit_of(type_: str, rules: dict) -> tuple[int, str]:
    """How many identifiers of a type a profile may gain, and within which window."""
    limit = rules["limits"].get(type_, {"max": rules["defaultLimit"]})
    return limit["max"], limit.get("window", "ever")


def broken_limit(union: Mapping[str, Link], rules: dict) -> str | None:
    """The limit that the profiles, taken as one, would break by what is added.

    A limit breaks where a window holds more links of a type than it allows, unless all of them belong to one profile
    already. A window reaches both ways, because events arrive in any order. A former name takes no room.
    """
    by_type: dict[str, list[Link]] = {}
    for identifier, link in union.items():
        if is_former(identifier):
            continue
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
    """Since when an identifier of a profile counts as linked after an event received at `at` repeats it.

    That is the earlier of the two times, unless it would break a limit.
    """
    linked, type_ = profile.identifiers.get(identifier, at), type_of(identifier)
    if linked <= at or limit_of(type_, rules)[1] == "ever":
        return min(linked, at)
    same = {other: (since, profile) for other, since in profile.identifiers.items() if type_of(other) == type_}
    return linked if broken_limit(same | {identifier: (at, None)}, rules) else at


def passed_cap(profiles: list[Profile], identifiers: Collection[str], received_at: int, rules: dict) -> str | None:
    """The cap that the profile would pass. Caps bound a profile's size; the breaker stops one that merges too fast."""
    caps, breaker, merges = rules["caps"], rules["breaker"], len(profiles) - 1
    if rule := outgrown(identifiers, caps):
        return rule
    if merges < 1:
        return None
    times = [at for profile in profiles for at in profile.merged.values()]
    if len(times) + merges > caps["merges"]:
        return f"cap of {caps['merges']} merges"
    near = sum(abs(received_at - at) < breaker["minutes"] * MINUTE for at in times)
    return (
        f"breaker of {breaker['merges']} merges in {breaker['minutes']} minutes"
        if near + merges > breaker["merges"]
        else None
    )


def outgrown(identifiers: Collection[str], caps: dict) -> str | None:
    """The cap that one profile's identifiers pass by their number or their length."""
    if len(identifiers) > caps["identifiers"]:
        return f"cap of {caps['identifiers']} identifiers"
    too_long = sum(len(one.encode()) for one in identifiers) > IDENTIFIER_BYTES
    return f"cap of {IDENTIFIER_BYTES} bytes of identifiers" if too_long else None
