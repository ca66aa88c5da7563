"""Which merges an unmerge undoes."""

from collections.abc import Iterable
from typing import NamedTuple


class Pair(NamedTuple):
    """A merge, in which `a` absorbed `b`, or one side of an unmerge: `a` and from whom it was parted.

    The time is in microseconds since 1970."""

    a: str
    b: str
    at: int


def undone(merges: set[Pair], parted: set[Pair]) -> set[Pair]:
    """The merges that do not stand: of a pair that was parted, and what absorbed one of them before.

    Both live after an unmerge, so it undoes, too, a merge into a profile that was itself absorbed by the other. No
    other merge: its time is the receipt of its event, and an event that was received before the unmerge may have been
    placed after it.
    """
    return {merge for merge in merges for part in parted if is_undone(merge, part, merges)}


def is_undone(merge: Pair, part: Pair, merges: set[Pair]) -> bool:
    if {merge.a, merge.b} == {part.a, part.b}:
        return True
    if merge.b != part.a or merge.at > part.at:
        return False
    return merge.a in together(part.b, (other for other in merges if other.b != merge.b))


def together(profile: str, merges: Iterable[Pair]) -> set[str]:
    """The profiles that merges ever made one with this one."""
    left, found, more = list(merges), {profile}, True
    while more:
        more = {end for one in left if found & {one.a, one.b} for end in (one.a, one.b)} - found
        found |= more
    return found
