"""Reads values as comparisons want them: numbers, booleans, instants, amounts and the items of lists.

The stream does the same in `lambdas/core/segments/comparisons/reading.ts`.
"""

import math
import re
from zoneinfo import ZoneInfo

from cdp.segments.zones import beginning_of_date
from cdp.values.exact_json import SentNumber, is_number, number_text
from cdp.values.text import SPACE, is_blank, units
from cdp.values.times import read_time

NUMERIC = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
PARTS = re.compile(r"(-?)([0-9]*)\.?([0-9]*)(?:[eE]\+?(-?[0-9]+))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LARGEST = 10**21
MOST_DIGITS = 4000
"""Python refuses to read longer numbers; so many digits before the point are beyond the largest amount anyway."""


def numeric_text(value: object) -> str | None:
    """A number's text: of a number, or of a text that is one."""
    if is_number(value):
        return number_text(value) if isinstance(value, SentNumber) or math.isfinite(value) else None
    if not isinstance(value, str) or units(value) > 100:
        return None
    text = value.strip(SPACE)
    return text.removeprefix("+") if NUMERIC.fullmatch(text) else None


def number_of(value: object) -> float | None:
    """A number, or the number that a text is."""
    text = numeric_text(value)
    return None if text is None else float(text)


def boolean_of(value: object) -> bool | None:
    """A boolean, or the one that a text is."""
    if isinstance(value, bool):
        return value
    text = value.strip(SPACE).lower() if isinstance(value, str) else None
    return {"true": True, "false": False}.get(text)


def instant_of(value: object, zone: ZoneInfo) -> int | None:
    """The instant that a value means; a date without a time begins in the zone."""
    text = value.strip(SPACE) if isinstance(value, str) else ""
    return beginning_of_date(text, zone) if DATE.fullmatch(text) else read_time(value)


def items_of(value: object) -> list:
    """What there is of a value: the items of lists, in lists too, without blank texts, nulls and empty lists."""
    if isinstance(value, list):
        return [item for one in value for item in items_of(one)]
    return [] if value is None or is_blank(value) else [value]


def amount_of(value: object) -> int | None:
    """A number in whole millionths, half a millionth rounded away from zero; None for no number, and beyond 10^15."""
    found = PARTS.fullmatch(numeric_text(value) or "")
    if found is None or not (found[2] or found[3]) or len(found[2]) > MOST_DIGITS:
        return None
    # Digits beyond the first thousand after the point decide nothing.
    sign, whole, fraction, exponent = found[1], found[2], found[3][:1000], int((found[4] or "0")[:9])
    places = 6 + exponent - len(fraction)
    if places > 40:
        return None if (whole + fraction).strip("0") else 0
    digits = int(whole + fraction)
    amount = digits * 10**places if places >= 0 else rounded(digits, -places)
    return None if amount > LARGEST else -amount if sign else amount


def rounded(digits: int, places: int) -> int:
    """Half away from zero."""
    return 0 if places > MOST_DIGITS else (digits + 10**places // 2) // 10**places


def number_of_amount(amount: int) -> float:
    return amount / 1_000_000
