"""What a load of records is: which object of which source, when it began, and whether it holds all that there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cdp.envelopes.change import Envelope
from cdp.values.times import format_instant, parse_instant


@dataclass(frozen=True)
class Lake:
    """Where the table `records` and the folder `imports/` are."""

    database: str
    address: str

    @property
    def imports(self) -> str:
        return f"{self.address}/imports"


@dataclass(frozen=True)
class RecordObject:
    """An object of a source as declared: the columns of its key, and the one that says when a row changed.

    Rows in an `envelope` are changes out of a database's log, whose order counts.
    """

    source: str
    object: str
    key: tuple[str, ...]
    updated_at: str | None = None
    max_shrink: float = 0.2
    envelope: Envelope | None = None

    @staticmethod
    def declared(source: str, object_: str, said: Mapping[str, Any]) -> "RecordObject":
        """Reads what the configuration says of an object of records."""
        envelope = Envelope.declared(said.get("envelope"))
        return RecordObject(source, object_, tuple(said["key"]), said.get("updatedAt"), said["maxShrink"], envelope)

    @property
    def not_compared(self) -> frozenset[str]:
        """Columns that do not make a version differ from the last."""
        return frozenset((*self.key, self.updated_at)) - {None}


@dataclass(frozen=True)
class Load:
    """One file's rows, one run of a pull, or one read of a database. What a `complete` load lacks is deleted."""

    id: str
    started_at: datetime
    complete: bool = False
    accept_shrink: bool = False

    @property
    def started(self) -> int:
        """Milliseconds since 1970."""
        return milliseconds(self.started_at)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def instant(moment: datetime) -> str:
    return format_instant(milliseconds(moment))


def read_instant(text: str) -> datetime:
    """The moment that a manifest or a state names. Raises ValueError for anything else."""
    at = parse_instant(text)
    if at is None:
        raise ValueError(f"{text} is no ISO 8601 time")
    return datetime.fromtimestamp(at / 1000, UTC)
