"""Which times count when somebody asks now."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from cdp.segments.zones import beginning_of_date, beginning_of_unit
from cdp.values.times import DAY, HOUR, MINUTE, parse_instant

UNITS = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
LONGEST = {"day": 1, "week": 7, "month": 31}


@dataclass(frozen=True)
class Zones:
    """Whose days count: those of the zone that a definition names, and for moving windows maybe the person's own."""

    named: ZoneInfo
    own: ZoneInfo


@lru_cache(maxsize=4096)
def length(duration: str) -> int:
    """A duration such as `90m`, `12h`, `30d` or `2w` in milliseconds."""
    return int(duration[:-1]) * UNITS[duration[-1]]


def is_in(window: dict | None, at: int, now: int, zones: Zones) -> bool:
    """Whether a time is in a window now; what is still to come is in none."""
    if at > now:
        return False
    if window is None:
        return True
    if "within" in window:
        return now - at < length(window["within"])
    if "between" in window:
        return length(window["between"][0]) <= now - at < length(window["between"][1])
    if "olderThan" in window:
        return now - at >= length(window["olderThan"])
    if "calendar" in window:
        return is_in_units(window, at, now, zones.own)
    begin, end = (limit(window.get(name), zones.named) for name in ("from", "to"))
    return (begin is None or at >= begin) and (end is None or at < end)


def is_in_units(window: dict, at: int, now: int, zone: ZoneInfo) -> bool:
    """Times that are surely over are not looked up: no calendar of Python's reaches far."""
    unit, last = window["calendar"], window["last"]
    is_over = now - at > (LONGEST[unit] * (last + 1) + 2) * DAY
    return not is_over and now < beginning_of_unit(at, zone, unit, last)


def limit(text: str | None, zone: ZoneInfo) -> int | None:
    """A date or time of a window; a date begins in the zone."""
    if text is None:
        return None
    return beginning_of_date(text, zone) if len(text) == 10 else parse_instant(text)


def is_moving(window: dict | None) -> bool:
    """Whether time alone moves what is in the window."""
    return window is not None and not {"from", "to"} & window.keys()
