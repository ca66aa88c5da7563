"""What readers of files hand over, by the rules of the stream (`lambdas/core/files`)."""

from dataclasses import dataclass

MOST_ROW_BYTES = 1_048_576
"""Most bytes of a row; no event is as large."""
TOO_LONG = "is longer than 1 MB"
MOST_RAW = 16_384


class BadFile(Exception):
    """The file as a whole cannot be used; nothing of it is sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line, without the line feed at its end; `cut` where only its beginning is left."""

    line: int
    byte: int
    text: str
    flaw: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file."""

    place: dict
    row: dict


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be read."""

    place: dict
    reason: str
    raw: str


def bad(place: dict, reason: str, raw: str) -> Bad:
    return Bad(place, reason, raw if len(raw) <= MOST_RAW else f"{raw[:MOST_RAW]}…")
