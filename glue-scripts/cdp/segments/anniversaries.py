"""Anniversaries: dates whose year does not count."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cdp.segments.zones import beginning_of, day_at
from cdp.values.text import SPACE

DATE = re.compile(
    rf"[{SPACE}]*(?:[0-9]{{4}}-|--)?([0-9]{{2}})-([0-9]{{2}})(?:[T ][^\n\r\u2028\u2029]*)?[{SPACE}]*"
)
YEARS = range(-2, 6)
"""Around now: an anniversary may be a year ahead or past, and its day in another year."""


def month_day_of(value: object) -> tuple[int, int] | None:
    """Month and day of a date: `1990-05-17`, with a time or without, `05-17` or `--05-17`."""
    found = DATE.fullmatch(value) if isinstance(value, str) else None
    month, day = map(int, found.groups()) if found else (0, 0)
    return (month, day) if 1 <= month <= 12 and 1 <= day <= days_of(month) else None


def days_of(month: int) -> int:
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def in_year(year: int, month: int, day: int) -> date:
    """In years without one, the 29th of February is the 28th."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def is_ahead(value: object, begin: int, end: int, now: int, zone: ZoneInfo) -> bool:
    """Whether an anniversary is so many days ahead, from `begin` to `end`; below 0 it is past."""
    said = month_day_of(value)
    year = day_at(now, zone).year
    days = [in_year(year + years, *said) for years in YEARS] if said else []
    return any(
        beginning_of(day - timedelta(days=end), zone) <= now < beginning_of(day + timedelta(days=1 - begin), zone)
        for day in days
    )
