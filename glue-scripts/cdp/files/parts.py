"""Work with one range of a file, for whoever is free to do it."""

from dataclasses import dataclass

from cdp.files.bucket_file import Objects, Version
from cdp.files.ranges import Read, Start, Text, lines_in, read_range, rows_before
from cdp.files.stage import pieces_of, stage_all


@dataclass(frozen=True)
class Part:
    """A range of a version, and from where on it is read."""

    of: Version
    text: Text
    start: Start
    end: int
    file: str = ""
    """What its rows name as their file."""
    key: str = ""
    """The format of a piece's key, by its number."""
    numbers: range = range(0)
    """Numbers of its pieces."""


def lines_of_part(objects: Objects, part: Part) -> tuple[int, int | None]:
    """How many lines begin in it, and where the first one does."""
    return lines_in(part.of.open(objects), part.text, part.start.byte, part.end)


def read_part(objects: Objects, part: Part) -> Read:
    return read_range(part.of.open(objects), part.text, part.start, part.end)


def stage_part(objects: Objects, part: Part) -> int:
    """Writes its rows; gives how many pieces they are."""
    rows = rows_before(part.of.open(objects), part.text, part.start, part.end)
    return stage_all(pieces_of(rows, part.file), lambda n: part.key.format(part.numbers[n]), objects.put)
