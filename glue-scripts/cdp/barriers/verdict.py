"""Whether an event is dropped, and which identifiers it keeps, as the stream decides it (`core/privacy/verdict.ts`)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cdp.barriers.barrier_list import Barrier, stop_of

BarrierOf = Callable[[str], Barrier | None]


class Verdict(NamedTuple):
    """By what an event is dropped, or the identifiers that it keeps."""

    dropped: str | None
    kept: list[str]


def judge(identifiers: Sequence[str], at: int | None, barrier_of: BarrierOf) -> Verdict:
    """Judges an event by its identifiers, most trusted first.

    The first decides whether it is dropped; others that are stopped are left out of it.
    """
    dropped = stop_of(barrier_of(identifiers[0]), at) if identifiers else None
    if dropped is not None:
        return Verdict(dropped, [])
    return Verdict(None, [one for one in identifiers if stop_of(barrier_of(one), at) is None])


def judge_correction(identifiers: Sequence[str], at: int | None, barrier_of: BarrierOf) -> Verdict:
    """Judges what the platform says of one person: any identifier that is stopped drops it."""
    stops = (stop_of(barrier_of(one), at) for one in identifiers)
    dropped = next((stop for stop in stops if stop is not None), None)
    return Verdict(dropped, [] if dropped else list(identifiers))
