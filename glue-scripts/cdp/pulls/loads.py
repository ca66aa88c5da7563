"""Where the lines of a load lie in the lake: in pieces."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

PIECE_BYTES = 4 * 1024 * 1024
"""Uncompressed."""


@dataclass(frozen=True)
class Load:
    """One window of one read."""

    source: str
    object: str
    name: str
    """Letters, digits, `-` and `_`."""
    began: datetime
    is_records: bool
    """Rows of records are compared with their last versions; rows of events are staged as they are."""
    is_complete: bool
    """Whether a row that is absent is gone."""

    @property
    def id(self) -> str:
        return f"{self.began:%Y%m%dT%H%M%S}{self.began.microsecond // 1000:03}Z-{self.name}"

    @property
    def prefix(self) -> str:
        return f"imports/{'rows' if self.is_records else 'staged'}/{self.source}/{self.id}"

    def piece(self, number: int) -> str:
        between = "/" if self.is_records else "-"
        return f"{self.prefix}/{self.object}{between}{number:05}.ndjson.gz"


@dataclass(frozen=True)
class Store:
    """Objects of the lake bucket."""

    put: Callable[[str, bytes], None]
    get: Callable[[str], bytes | None]


def state_key(source: str, name: str) -> str:
    return f"pulls/{source}/{name}.json"


class Writer:
    """Collects the lines of a load and writes each piece as soon as it is full."""

    def __init__(self, store: Store, load: Load) -> None:
        self.store, self.load = store, load
        self.lines: list[bytes] = []
        self.size, self.pieces = 0, 0

    def take(self, lines: list[str]) -> None:
        for line in lines:
            encoded = line.encode(errors="backslashreplace") + b"\n"
            if self.lines and self.size + len(encoded) > PIECE_BYTES:
                self._write()
            self.lines.append(encoded)
            self.size += len(encoded)

    def close(self) -> None:
        """Writes the rest. A list of everything that has nothing is said, too."""
        if self.lines or (self.load.is_complete and self.pieces == 0):
            self._write()

    def _write(self) -> None:
        # Without a time in it, the same lines are the same bytes.
        self.store.put(self.load.piece(self.pieces), gzip.compress(b"".join(self.lines), 6, mtime=0))
        self.lines, self.size, self.pieces = [], 0, self.pieces + 1
