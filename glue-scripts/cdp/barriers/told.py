"""Lets lines pass that a job is about to put on the event stream, unless they are about somebody who is kept out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cdp.barriers.asked import Barriers
from cdp.barriers.stated import is_stopped_by
from cdp.values.exact_json import read_json, write_json
from cdp.values.times import parse_instant

NAMES = {
    **{name: name for name in ("type", "event", "name", "traits", "context", "properties")},
    **{"user_id": "userId", "anonymous_id": "anonymousId", "previous_id": "previousId", "group_id": "groupId"},
    "source_id": "sourceId",
}
"""Columns of `events` in which somebody may be named, and the fields of a line."""


@dataclass
class Gate:
    """Judges lines by the barriers of a run, and counts those that it stops."""

    barriers: Barriers
    rules: Mapping[str, dict]
    stopped: int = 0

    def let_pass(self, lines: Iterable[str]) -> Iterator[str]:
        if not self.barriers:
            yield from lines
            return
        is_stopped = is_stopped_by(self.rules)
        for line in lines:
            said = read_json(line)
            event = {column: in_column(said.get(name)) for column, name in NAMES.items()}
            if is_stopped(event, parse_instant(said["timestamp"]), self.barriers):
                self.stopped += 1
            else:
                yield line

    def report(self) -> dict[str, int]:
        return {"suppressed": self.stopped} if self.stopped else {}


def in_column(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else write_json(value)
