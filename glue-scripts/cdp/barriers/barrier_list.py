"""The list of barriers, as `lambdas/core/privacy/barrier-list.ts` writes it, and what a barrier stops."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

HEAD = b"cdp-barriers-1 \n"
RECORD = np.dtype([("hash", ">u8"), ("until", ">f8")])
ERASED, SUPPRESSED = "erased", "suppressed"


class BarriersUnreadable(Exception):
    """The barriers cannot be read: then no event may pass."""


class Barrier(NamedTuple):
    """Up to when events are kept out, in milliseconds since 1970, if up to a time; and whether all are."""

    erased: float | None
    suppressed: bool


def stop_of(barrier: Barrier | None, at: int | None) -> str | None:
    """What stops something that happened at a time in milliseconds; None if nothing does. No time counts as early."""
    if barrier is None:
        return None
    if barrier.suppressed:
        return SUPPRESSED
    return ERASED if barrier.erased is not None and (at is None or at <= barrier.erased) else None


@dataclass(frozen=True)
class BarrierList:
    """Hashes in their order, and up to which time each stops events; without end if it is a suppression."""

    hashes: np.ndarray
    untils: np.ndarray

    def __len__(self) -> int:
        return len(self.hashes)

    def barrier(self, short: int) -> Barrier | None:
        """The barrier of a hash; None if nothing stops its events."""
        start, end = (np.searchsorted(self.hashes, np.uint64(short), side) for side in ("left", "right"))
        untils = self.untils[start:end].tolist()
        if not untils:
            return None
        return Barrier(next((until for until in untils if np.isfinite(until)), None), float("inf") in untils)

    def erasures(self) -> "BarrierList":
        """Those entries alone that say up to when somebody is erased."""
        is_erasure = np.isfinite(self.untils)
        return BarrierList(self.hashes[is_erasure], self.untils[is_erasure])

    def has(self, shorts: np.ndarray) -> np.ndarray:
        """For each of many hashes, whether it has a barrier."""
        places = np.searchsorted(self.hashes, shorts)
        places[places == len(self)] = 0
        return self.hashes[places] == shorts if len(self) else np.zeros(len(shorts), bool)


def read_barrier_list(content: bytes) -> BarrierList:
    """Reads a list. Raises BarriersUnreadable."""
    if len(content) % RECORD.itemsize or not content.startswith(HEAD):
        stated = HEAD.decode().strip()
        raise BarriersUnreadable(f'the list of barriers must begin with "{stated}"; got {len(content)} bytes')
    records = np.frombuffer(content, RECORD, offset=len(HEAD))
    return BarrierList(records["hash"].astype(np.uint64), records["until"].astype(np.float64))


NO_BARRIERS = read_barrier_list(HEAD)
