"""Reads times in the forms that clients send, as the stream does (`lambdas/core/values/time-forms.ts`).

All of them in milliseconds since 1970.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta

from cdp.values.text import SPACE, units

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
UNITS = ((1e8, 1e10, 1e-3), (1e11, 1e13, 1), (1e14, 1e16, 1e3), (1e17, 1e19, 1e6))
"""From 1973 to 2286 each unit has its own number of digits: from, to, units in a millisecond."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
REGIONS = {f"{letter}{kind}T": -5 - n + (kind == "D") for n, letter in enumerate("ECMP") for kind in "SD"}
"""Hours from UTC."""


def form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(r"\s", f"[{SPACE}]"), re.ASCII | re.IGNORECASE)


ISO = form(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r" ?(?:Z|(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?)?)?"
)
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?"
ZONE = (
    r"\s*(?:(?:UTC|GMT|UT|Z)?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?(?:\s?(?:UTC|GMT))?|(?P<region>[ECMP][SD]T))"
    r"\s*(?:\[[\w/+-]+\]|\([^()]*\))?"
)
LOOSE = form(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2}))(?:(?:\s*T\s*|\s+)"
    + CLOCK
    + ZONE
    + ")?"
)
COMPACT = form(
    r"(\d{4})(\d\d)(\d\d)(?:T(?P<hour>\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(?P<rest>[^\n\r\u2028\u2029]*))?"
)
DAY_FIRST = r"(?P<day>\d{1,2})(?:\s|-)(?P<month>[a-z]{3})[a-z]*(?:\s|-)(?P<year>\d{4})"
MONTH_FIRST = r"(?P<month>[a-z]{3})[a-z]*\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"
WORDS = [form(rf"(?:[a-z]{{3,9}},?\s+)?{day},?\s+{CLOCK}{ZONE}") for day in (DAY_FIRST, MONTH_FIRST)]
SINCE_EPOCH = form(r"\d{9,19}(?:\.\d{1,9})?")
OFFSET = form(r"([+-])(\d{1,2}):?(\d\d)?")


def parse_instant(text: str) -> int | None:
    """An ISO 8601 date or date-time; without an offset it is UTC."""
    found = ISO.fullmatch(text)
    begin = found and day_of(*(int(found[name]) for name in ("year", "month", "day")))
    if begin is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    rest = int((found["fraction"] or "").ljust(3, "0")[:3])
    is_clock = minute < 60 and second < 60 and (hour < 24 or (hour == 24 and minute + second + rest == 0))
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if not is_clock or hours > 23 or minutes > 59:
        return None
    away = (hours * HOUR + minutes * MINUTE) * (-1 if found["sign"] == "-" else 1)
    return in_range(begin + hour * HOUR + minute * MINUTE + second * SECOND + rest - away)


def day_of(year: int, month: int, day: int) -> int | None:
    """When a day begins in UTC; None where no calendar has it."""
    try:
        return midnight(date(year, month, day))
    except ValueError:
        return None


def midnight(day: date) -> int:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY


def in_range(at: int) -> int | None:
    """Other years have no four-digit form."""
    return at if midnight(date.min) <= at < midnight(date.max) + DAY else None


def format_instant(at: int) -> str:
    """ISO 8601 to the millisecond, in UTC."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def read_time(value: object) -> int | None:
    """An instant in any of the forms; None where it is none."""
    if not isinstance(value, str):
        return since_epoch(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if units(value) > 100:
        return None
    text = value.strip(SPACE)
    at = parse_instant(text)
    if at is not None:
        return at
    return since_epoch(float(text)) if SINCE_EPOCH.fullmatch(text) else in_words(text)


def since_epoch(number: float) -> int | None:
    return next((math.floor(number / unit) for begin, end, unit in UNITS if begin <= number < end), None)


def in_words(text: str) -> int | None:
    found = LOOSE.fullmatch(spaced(text))
    if found:
        return instant(found.groupdict(), int(found["month"]))
    found = next((match for words in WORDS if (match := words.fullmatch(text))), None)
    return found and instant(found.groupdict(), month_of(found["month"].lower()))


def month_of(name: str) -> int:
    return MONTHS.index(name) + 1 if name in MONTHS else 0


def spaced(text: str) -> str:
    """A date and time without signs between their parts, with them."""
    found = COMPACT.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second, fraction, rest = found.groups()
    clock = "" if hour is None else f"T{hour}:{minute}:{second or '00'}.{fraction or '0'}{rest}"
    return f"{year}-{month}-{day}{clock}"


def instant(said: dict[str, str | None], month: int) -> int | None:
    """A leap second is the next second, and 24:00 the next day."""
    begin = day_of(int(said["year"]), month, int(said["day"]))
    hour, minute, second = (int(said[name] or 0) for name in ("hour", "minute", "second"))
    is_clock = minute < 60 and second <= 60 and (hour < 24 or (hour == 24 and minute + second == 0))
    away = minutes_from(said["offset"], said["region"] or "")
    if begin is None or not is_clock or away is None:
        return None
    rest = math.floor(float(f"0.{said['fraction'] or '0'}") * 1000)
    return in_range(begin + ((hour * 60 + minute - away) * 60 + second) * SECOND + rest)


def minutes_from(offset: str | None, region: str) -> int | None:
    sign, hours, minutes = OFFSET.fullmatch(offset or "+00").groups()
    away = int(hours) * 60 + int(minutes or 0)
    if away >= 24 * 60 or int(minutes or 0) > 59:
        return None
    return REGIONS.get(region.upper(), 0) * 60 + (-away if sign == "-" else away)
