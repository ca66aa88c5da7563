"""Reads a large file, one row after another, or its ranges side by side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from cdp.files.bucket_file import Objects, Version
from cdp.files.parts import Part, lines_of_part, read_part, stage_part
from cdp.files.ranges import Read, Start, Text, text_of
from cdp.files.read_rows import read_rows
from cdp.files.rows import Bad, Row
from cdp.files.stage import Tally, pieces_of, stage_all, tally_of

RANGE = 67_108_864
"""Bytes of a range; a file that is no larger is read by one worker."""
MOST_PIECES = 10**9
"""Numbers that a piece may have."""
Each = Callable[[Callable[[Objects, Any], Any], list], list]
"""Does some work with the bucket and each of some things, and gives what came of each."""


class Reading(Protocol):
    """A file that is read twice."""

    def tally(self) -> Tally:
        """What the file has. Raises BadFile."""

    def stage(self, file: str, key: str) -> int:
        """Writes its rows as those of `file`; `key` is a format for a piece's number. Gives how many there are."""


def reading_of(objects: Objects, version: Version, declared: dict, each: Each) -> Reading:
    """How a file is read: side by side, if it is large and each of its lines can be found. Raises BadFile."""
    size = version.head["ContentLength"]
    found = text_of(version.open(objects), declared, declared["columns"]) if size > RANGE else None
    if found is None:
        return InOrder(objects, version, declared)
    text, first = found
    ends = [*range(text.begin + RANGE, size, RANGE), size]
    return SideBySide(version, text, first, list(zip([text.begin, *ends], ends, strict=False)), each)


@dataclass
class InOrder:
    """One row after another, from the beginning."""

    objects: Objects
    version: Version
    declared: dict

    def tally(self) -> Tally:
        return tally_of(self.rows())

    def stage(self, file: str, key: str) -> int:
        return stage_all(pieces_of(self.rows(), file), key.format, self.objects.put)

    def rows(self) -> Iterator[Row | Bad]:
        return read_rows(self.version.open(self.objects), self.declared, self.declared["columns"])


@dataclass
class SideBySide:
    """Ranges of the file, each by whoever is free.

    Where the first row of a range begins depends on all lines before it, because a value in quotes may have line feeds.
    So each range is read as if a row began with its first line, and once more where the range before ends otherwise.
    """

    version: Version
    text: Text
    first: Start | None
    ranges: list[tuple[int, int]]
    each: Each
    starts: dict[int, Start] = field(default_factory=dict)

    def tally(self) -> Tally:
        read: dict[int, Read] = {}
        wanted = self.guesses()
        while wanted:
            parts = [self.part(number, start) for number, start in wanted.items()]
            read |= dict(zip(wanted, self.each(read_part, parts), strict=True))
            self.starts, wanted = self.walk(read)
        whole = Tally()
        for number in self.starts:
            whole.go_on(read[number].tally)
        return whole

    def guesses(self) -> dict[int, Start]:
        """The first line of each range, of those that have rows."""
        lines = self.each(lines_of_part, [self.part(n, Start(begin, 0)) for n, (begin, _) in enumerate(self.ranges)])
        line, found = 1, {}
        for number, (count, first) in enumerate(lines):
            if first is not None and self.first is not None and self.ranges[number][1] > self.first.byte:
                found[number] = max(Start(first, line), self.first, key=lambda start: start.byte)
            line += count
        return found

    def walk(self, read: dict[int, Read]) -> tuple[dict[int, Start], dict[int, Start]]:
        """Where the rows of each range begin by what is read, and the ranges that were read from elsewhere."""
        at, starts, wrong = self.first, {}, {}
        for number, (_, end) in enumerate(self.ranges):
            if at is None:
                break
            if at.byte >= end:
                continue
            starts[number] = at
            if read[number].first != at:
                wrong[number] = at
            at = read[number].after
        return starts, wrong

    def stage(self, file: str, key: str) -> int:
        most = MOST_PIECES // len(self.ranges)
        parts = [
            self.part(number, start, file, key, range(number * most, (number + 1) * most))
            for number, start in self.starts.items()
        ]
        return sum(self.each(stage_part, parts))

    def part(self, number: int, start: Start, *staged: Any) -> Part:
        return Part(self.version, self.text, start, self.ranges[number][1], *staged)
