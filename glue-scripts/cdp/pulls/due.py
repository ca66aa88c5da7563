"""Which reads of an object a run does, and from when on."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cdp.pulls.state import Progress, moment
from cdp.pulls.windows import Window, whole_seconds, windows

ORDER = ("all", "changes", "deleted")
Read = Mapping[str, Any]


def due_reads(reading: Mapping[str, Any], progress: Progress, began: datetime, everything: bool) -> list[Read]:
    """A read of everything is due by its hours, and whenever the API no longer knows all changes."""
    reads = sorted(reading["reads"], key=lambda read: ORDER.index(read["means"]))
    changes = next((read for read in reads if read["means"] == "changes"), None)
    has_all = any(read["means"] == "all" for read in reads)
    lost = changes is not None and has_all and is_lost(changes, progress, began)
    return [
        read
        for read in reads
        if (everything and read["means"] == "all") or is_due(read, progress, began, (changes is not None, lost))
    ]


def is_lost(changes: Read, progress: Progress, began: datetime) -> bool:
    """Whether the API keeps changes for fewer days than the last run is ago."""
    days = changes.get("reachesBackDays")
    return days is not None and (progress.up_to is None or moment(progress.up_to) < began - timedelta(days=days))


def is_due(read: Read, progress: Progress, began: datetime, changes: tuple[bool, bool]) -> bool:
    has_changes, lost = changes
    if read["means"] == "changes":
        return not lost
    last = progress.ended.get(read["means"])
    if read["means"] == "all" and (lost or last is None):
        return lost or not has_changes
    return last is None or moment(last) <= began - timedelta(hours=read["everyHours"])


def windows_of(
    read: Read, reading: Mapping[str, Any], progress: Progress, begins: tuple[str, datetime]
) -> Iterator[Window]:
    """Changes come in windows, from the last run less the lag on; other reads know no times."""
    since, began = begins
    end = whole_seconds(began)
    if read["means"] != "changes":
        return iter([Window(end, end)])
    lag = timedelta(minutes=reading["lagMinutes"])
    begin = moment(since) if progress.up_to is None else moment(progress.up_to) - lag
    size = reading.get("windowDays")
    return windows(whole_seconds(begin), end, None if size is None else timedelta(days=size))

