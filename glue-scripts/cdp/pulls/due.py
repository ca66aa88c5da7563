"""Which reads of an object a run does, and from when on."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cdp.pulls.state import Progress, moment
from cdp.pulls.windows import Window, whole_seconds, windows

ORDER = ("all", "changes", "deleted")
Read = Mapping[str, Any]


def due_reads(declared: Mapping[str, Any], progress: Progress, began: datetime) -> list[Read]:
    """A read of everything is due by its hours, and whenever the changes since the last run can no longer be asked for."""
    reads = sorted(declared["reads"], key=lambda read: ORDER.index(read["means"]))
    changes = next((read for read in reads if read["means"] == "changes"), None)
    lost = changes is not None and is_lost(changes, progress, began)
    return [read for read in reads if is_due(read, progress, began, changes is not None, lost)]


def is_lost(changes: Read, progress: Progress, began: datetime) -> bool:
    """Whether the API keeps changes for fewer days than the last run is ago."""
    days = changes.get("reachesBackDays")
    return days is not None and (progress.up_to is None or moment(progress.up_to) < began - timedelta(days=days))


def is_due(read: Read, progress: Progress, began: datetime, has_changes: bool, lost: bool) -> bool:
    if read["means"] == "changes":
        return not lost
    last = progress.ended.get(read["means"])
    if read["means"] == "all" and (lost or last is None):
        return lost or not has_changes
    return last is None or moment(last) <= began - timedelta(hours=read.get("everyHours", 0))


def windows_of(read: Read, declared: Mapping[str, Any], progress: Progress, began: datetime) -> Iterator[Window]:
    """Changes come in windows, from the last run less the lag on; other reads know no times."""
    end = whole_seconds(began)
    if read["means"] != "changes":
        return iter([Window(end, end)])
    lag = timedelta(minutes=declared["lagMinutes"])
    begin = moment(declared["start"]) if progress.up_to is None else moment(progress.up_to) - lag
    size = declared.get("windowDays")
    return windows(whole_seconds(begin), end, None if size is None else timedelta(days=size))

