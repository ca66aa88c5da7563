"""When days begin in a time zone. All instants are milliseconds since 1970."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from cdp.values.times import midnight

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
PLACELESS = {"Factory", "localtime"}
"""What a machine has beside zones."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def names() -> dict[str, str]:
    """Zones by their names in lower case: the stream knows them in any case."""
    return {name.lower(): name for name in available_timezones() - PLACELESS}


@cache
def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name; an offset is none, as it knows no summer time."""
    known = names().get(name.lower()) if NAME.fullmatch(name) else None
    return known and ZoneInfo(known)


def day_at(at: int, zone: ZoneInfo) -> date:
    """The calendar's day at an instant."""
    return (EPOCH + timedelta(milliseconds=at)).astimezone(zone).date()


def offset(moment: datetime) -> int:
    return moment.utcoffset() // timedelta(milliseconds=1)


def offset_at(at: int, zone: ZoneInfo) -> int:
    return offset((EPOCH + timedelta(milliseconds=at)).astimezone(zone))


@lru_cache(maxsize=65_536)
def beginning_of(day: date, zone: ZoneInfo) -> int:
    """The instant at which a day begins; midnight is not always there, and sometimes there twice."""
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    before, after = offset(first), offset(first.replace(fold=1))
    if before >= after:
        return midnight(day) - before
    low, high = midnight(day) - after, midnight(day) - before
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if offset_at(middle, zone) == after else (middle, high)
    return high


def beginning_of_date(text: str, zone: ZoneInfo) -> int | None:
    """The instant at which a date, written `2026-03-29`, begins; None where there is no such date."""
    found = DATE.fullmatch(text)
    try:
        return found and beginning_of(date(*map(int, found.groups())), zone)
    except ValueError:
        return None


def beginning_of_unit(at: int, zone: ZoneInfo, unit: str, later: int) -> int:
    """The instant at which the day, week or month that holds `at` begins, or one that is `later` units later."""
    day = day_at(at, zone)
    if unit == "day":
        return beginning_of(day + timedelta(days=later), zone)
    if unit == "week":
        return beginning_of(day - timedelta(days=day.weekday()) + timedelta(weeks=later), zone)
    months = day.year * 12 + day.month - 1 + later
    return beginning_of(date(months // 12, months % 12 + 1, 1), zone)
