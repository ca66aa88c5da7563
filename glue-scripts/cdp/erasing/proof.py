"""The proof file of the lake: which runs erased whom the list of barriers names, and what is out of all files since.

    {"version": 1, "runs": [{"startedAt", "endedAt", "upTo", "maintainedAt"}, …], "cleanedBefore"}

After a run no table has a row of anybody whom the list said was erased when the run began. `upTo` is the newest erasure
that all jobs had seen before it. Tables were maintained until `maintainedAt`, and then no file of a newest snapshot had
a row that was deleted before `endedAt`. Whatever was deleted before `cleanedBefore` is in no file of a table. All are
times, and nothing is of anybody.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FILE = "erasures/lake"
"""The file in the lake's bucket (`lambdas/core/contract/storage.ts`)."""
MOST = 60
"""Runs that are kept at least, the newest."""
APART = timedelta(hours=5)
"""Of runs that follow each other sooner, only some are kept."""
NOTHING = datetime(1970, 1, 1, tzinfo=UTC)
TIMES = ("startedAt", "endedAt", "upTo", "maintainedAt")


@dataclass(frozen=True)
class Erasing:
    """A run of the eraser that ended well, and until when it maintained tables."""

    started: datetime
    ended: datetime
    up_to: datetime
    maintained: datetime


@dataclass(frozen=True)
class Proof:
    runs: tuple[Erasing, ...] = ()
    cleaned_before: datetime = NOTHING

    def after(self, run: Erasing, kept: timedelta) -> "Proof":
        """With another run, in which no snapshot and no orphan older than `kept` stayed but the newest snapshots.

        A run so long ago left no deleted row in any newest snapshot, and every snapshot since was made of these.
        """
        before = [one.ended for one in self.runs if one.maintained <= run.started - kept]
        cleaned = max([self.cleaned_before, *before])
        *earlier, last = self.runs or (None,)
        is_close = bool(earlier) and last is not None and last.started - earlier[-1].started < APART
        runs = (*(earlier if is_close else self.runs), run)
        needed = sum(one.ended > cleaned for one in runs)
        return Proof(runs[-max(MOST, needed) :], cleaned)


def read_proof(text: str | None) -> Proof:
    """Reads the file; `text` is None if there is none. A file that says nothing sound proves nothing."""
    if text is None:
        return Proof()
    try:
        stated = json.loads(text)
        runs = tuple(Erasing(*(instant(run[name]) for name in TIMES)) for run in stated["runs"])
        return Proof(runs, instant(stated["cleanedBefore"]))
    except (ValueError, KeyError, TypeError):
        return Proof()


def write_proof(proof: Proof) -> str:
    runs = [
        {
            "startedAt": text_of(run.started),
            "endedAt": text_of(run.ended),
            "upTo": text_of(run.up_to),
            "maintainedAt": text_of(run.maintained),
        }
        for run in proof.runs
    ]
    return json.dumps({"version": 1, "runs": runs, "cleanedBefore": text_of(proof.cleaned_before)})


def text_of(moment: datetime) -> str:
    """ISO 8601 to the millisecond, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def instant(text: str) -> datetime:
    """A time with its zone. @raises ValueError"""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment
