"""A change of a row, out of a database's log."""

from dataclasses import dataclass

from cdp.envelopes.position import Position, position_text

AFTER_READING = "!"
"""Sorts before the point that goes on with a place: a row of a snapshot comes before the changes at its place."""


class Refused(Exception):
    """Why a message is no change."""


@dataclass(frozen=True)
class Envelope:
    """How the rows of an object are wrapped, as declared."""

    kind: str
    log: int = 1
    position: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def declared(said: dict | None) -> "Envelope | None":
        if said is None:
            return None
        return Envelope(said["kind"], said["log"], said.get("position"), tuple(said.get("columns", {}).items()))


@dataclass(frozen=True)
class Change:
    """What a row is after a change, and the place of the change, a text; `at` is the time of its commit."""

    row: dict
    position: str
    at: int | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Emptied:
    """All rows of the table went at a place."""

    position: str
    at: int | None = None


def place_of(envelope: Envelope, position: Position | None, *, is_read: bool) -> str:
    """The text of a place. A row of a snapshot that has none was there before the log began. Raises Refused."""
    if position is None and not is_read:
        where = f"in {envelope.position}" if envelope.position else "in the database's log"
        raise Refused(f"has no place {where}")
    text = position_text((envelope.log, *(position or ())))
    return text if is_read else text + AFTER_READING
