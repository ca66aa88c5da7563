"""Stages the rows of a file: reads it twice, and writes pieces that the function `import` sends."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from cdp.files.rows import Bad, Row
from cdp.values.exact_json import write_json

PIECE_LENGTH = 4_000_000
FEW_BAD, MOST_PLACES, MOST_FAULTS = 100, 5, 100
LONE = re.compile("[\ud800-\udfff]")


def staged_line(read: Row | Bad, file: str) -> str:
    """A line of a piece for a row of a file, without a line feed."""
    place = {"file": file, **read.place}
    line = (
        {"row": read.row, "place": place}
        if isinstance(read, Row)
        else {"bad": {"place": place, "reason": read.reason, "raw": read.raw}}
    )
    return LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", write_json(line))


@dataclass
class Tally:
    """What a file has, as it was read to its end."""

    rows: int = 0
    bad: int = 0
    faults: dict[str, dict] = field(default_factory=dict)
    most_faults: float = MOST_FAULTS
    """Kinds of faults that are told apart."""

    def add(self, read: Row | Bad) -> None:
        self.rows += 1
        if isinstance(read, Row):
            return
        self.bad += 1
        fault = self.fault_of(read.reason)
        fault["rows"] += 1
        if len(fault["first"]) < MOST_PLACES:
            fault["first"].append(read.place)

    def fault_of(self, reason: str) -> dict:
        known = reason in self.faults or len(self.faults) < self.most_faults
        name = reason if known else "has another fault"
        return self.faults.setdefault(name, {"reason": name, "rows": 0, "first": []})

    def go_on(self, later: "Tally") -> None:
        """Takes in the tally of a later part of the file, which told all of its faults apart."""
        self.rows, self.bad = self.rows + later.rows, self.bad + later.bad
        for reason, found in later.faults.items():
            fault = self.fault_of(reason)
            fault["rows"] += found["rows"]
            fault["first"] = sorted(fault["first"] + found["first"], key=lambda place: place["byte"])[:MOST_PLACES]

    def told(self) -> dict:
        faults = sorted(self.faults.values(), key=lambda fault: -fault["rows"])
        return {"rows": self.rows, "good": self.rows - self.bad, "bad": self.bad, "faults": faults}

    def too_many(self, share: float) -> str | None:
        """Why a file has too many bad rows to be sent."""
        if self.bad <= FEW_BAD or self.bad <= self.rows * share:
            return None
        percent = f"{share * 100:g}"
        return f"{self.bad} of {self.rows} rows are bad, and at most {percent} % may be; nothing was sent"


def tally_of(rows: Iterable[Row | Bad]) -> Tally:
    tally = Tally()
    for read in rows:
        tally.add(read)
    return tally


def sha256_of(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def pieces_of(rows: Iterable[Row | Bad], file: str) -> Iterator[bytes]:
    """Pieces of at most 4 MB as unpacked; whoever makes them again gets the same bytes."""
    lines, length = [], 0
    for read in rows:
        line = f"{staged_line(read, file)}\n"
        if length and length + len(line) > PIECE_LENGTH:
            yield packed(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line)
    if lines:
        yield packed(lines)


def packed(lines: list[str]) -> bytes:
    return gzip.compress("".join(lines).encode("utf-8"), mtime=0)


def stage_all(pieces: Iterable[bytes], key_of: Callable[[int], str], put: Callable[[str, bytes], None]) -> int:
    """Writes pieces one after another; gives how many there are."""
    number = 0
    for piece in pieces:
        put(key_of(number), piece)
        number += 1
    return number
