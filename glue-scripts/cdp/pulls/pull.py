"""One run of a source: the reads of each object that are due, each window safe before the next begins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dlt.sources.helpers.rest_client import RESTClient

from cdp.pulls.due import Read, due_reads, windows_of
from cdp.pulls.egress import Forbidden
from cdp.pulls.loads import Load, Store, Writer, state_key
from cdp.pulls.reading import Asked, read_window
from cdp.pulls.session import Unanswered
from cdp.pulls.state import Unreadable, parsed, written
from cdp.pulls.tokens import NotAllowed
from cdp.pulls.windows import SECOND, Window, as_text

KNOWN = (Forbidden, NotAllowed, Unanswered, Unreadable)
"""Errors whose text is safe to print."""
Settle = Callable[[Load, Mapping[str, Any]], bool]
"""Takes up a load of records of a declared object; false when it lost so many rows that somebody must be asked."""


@dataclass(frozen=True)
class Pull:
    """What a run works with."""

    source: str
    began: datetime
    since: str
    """Changes before are not read."""
    reads: Mapping[str, Any]
    """How each object is read, by its name."""
    client: RESTClient
    store: Store
    settle: Settle
    everything: bool = False
    """Whether lists of everything are read now, whatever is due."""


def pull_object(pull: Pull, declared: Mapping[str, Any]) -> dict[str, int]:
    """Reads what is due of one object; gives how many rows in how many loads, and how many loads ask somebody.

    What was read before an error is kept. Raises what `read_window` raises.
    """
    key = state_key(pull.source, declared["object"])
    began = as_text(pull.began, "iso")
    progress = replace(parsed(pull.store.get(key)), rows=0, run=began)
    reading, first = pull.reads[declared["object"]], progress.up_to is None
    loads = asks = 0
    for read in due_reads(reading, progress, pull.began, pull.everything):
        whole = True
        for window in windows_of(read, reading, progress, (pull.since, pull.began)):
            rows, settled = load_window(pull, declared, read, window)
            whole = whole and settled
            loads, asks = loads + 1, asks + (not settled)
            progress = replace(progress, rows=progress.rows + rows)
            if settled:
                progress = progress.after(read["means"], window.end)
            pull.store.put(key, written(progress))
        if whole:
            progress = progress.at_end_of(read["means"], began)
    if first and progress.up_to is not None:
        # The changes since the beginning were everything.
        progress = progress if "all" in progress.ended else progress.at_end_of("all", began)
    pull.store.put(key, written(progress))
    return {"rows": progress.rows, "loads": loads, "asks": asks}


def load_window(pull: Pull, declared: Mapping[str, Any], read: Read, window: Window) -> tuple[int, bool]:
    """Reads and takes up one window; gives its rows, and whether it is safe."""
    load = Load(
        source=pull.source,
        object=declared["object"],
        name=f"{declared['object']}-{read['means']}-{as_text(window.begin, 'seconds')}",
        began=pull.began,
        is_records=declared["rows"] == "records",
        is_complete=read["means"] == "all",
    )
    writer = Writer(pull.store, load)
    stamped = {**read, "run": as_text(pull.began - SECOND, "iso")}
    asked = Asked(pull.client, stamped, declared["key"], pull.reads[declared["object"]]["times"])
    rows = read_window(asked, window, writer.take)
    writer.close()
    has_news = load.is_records and (rows > 0 or load.is_complete)
    return rows, pull.settle(load, declared) if has_news else True


def pull_source(pull: Pull, objects: list[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Reads each object; one that fails does not keep the others waiting, and its report has the reason."""

    def report(declared: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return pull_object(pull, declared)
        except KNOWN as error:
            return {"failed": f"{type(error).__name__}: {error}"}

    return {declared["object"]: report(declared) for declared in objects}
