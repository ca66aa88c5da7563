"""How far each object of a source was read: a small document per object, written after what it says is safe."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cdp.pulls.windows import as_text
from cdp.values.times import read_time

MOST_BYTES = 64 * 1024


class Unreadable(Exception):
    """The document is none; whoever reads on would read everything again, or miss rows."""


@dataclass(frozen=True)
class Progress:
    """`up_to`: everything that changed before was read. `ended`: when each kind of read last ended whole."""

    up_to: str | None = None
    ended: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    """Rows of the last run so far."""
    run: str | None = None
    """When the last run began."""

    def after(self, means: str, end: datetime) -> "Progress":
        """Once a window is safe that ends at a time: whatever changed before was read."""
        return self if means == "deleted" else replace(self, up_to=as_text(end, "iso"))

    def at_end_of(self, means: str, began: str) -> "Progress":
        return replace(self, ended={**self.ended, means: began})


def written(progress: Progress) -> bytes:
    """The document. It holds no keys of rows, so it cannot grow with them."""
    text = json.dumps({"upTo": progress.up_to, "ended": progress.ended, "rows": progress.rows, "run": progress.run})
    if len(text) >= MOST_BYTES:
        raise Unreadable(f"the state of an object would have {len(text)} bytes")
    return text.encode()


def parsed(document: bytes | None) -> Progress:
    """Raises Unreadable."""
    if document is None:
        return Progress()
    try:
        found = json.loads(document)
        progress = Progress(found["upTo"], dict(found["ended"]), found["rows"], found["run"])
        for text in (*progress.ended.values(), *([] if progress.up_to is None else [progress.up_to])):
            moment(text)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"the state of an object cannot be read: {type(error).__name__}") from None
    return progress


def moment(text: str) -> datetime:
    at = read_time(text)
    if at is None:
        raise Unreadable(f"{text} is not a time")
    return datetime.fromtimestamp(at / 1000, UTC)
