"""What the job `identities` remembers of a run: by what it placed people, what it read, and what it left."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Self

Changes = Mapping[str, int | None]
"""The last change of each table, by the table's name."""


@dataclass(frozen=True)
class Placed:
    """People are placed `by` rules, barriers and code, from tables as they were `read`; and those `made` show it."""

    by: str
    read: Changes
    made: Changes

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    def leaving(self, made: Changes) -> Self:
        return replace(self, made=made)

    def why_everybody(self, last: Self | None) -> str | None:
        """Why it takes everybody to say where people are now; None if the last run says it but for what is new."""
        if last is None:
            return "no run of this release has placed anybody"
        if last.by != self.by:
            return "the rules, the list of barriers or the code differ"
        return None if last.made == self.made else "the tables are not as the last run left them"


def read_placed(text: str | None) -> Placed | None:
    """What a run remembered; None if none did, or one of another release, which remembered something else."""
    try:
        return Placed(**json.loads(text or ""))
    except (TypeError, ValueError):
        return None
