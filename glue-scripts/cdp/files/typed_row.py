"""Gives values of a row the types of their columns, as the stream does (`lambdas/core/files/typed-row.ts`)."""

import json
import re
from collections.abc import Iterable

from cdp.values.exact_json import is_number, number_text, read_number
from cdp.values.text import SPACE
from cdp.values.times import format_instant, read_time

MOST_LEVELS = 500
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
NUMBER = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*))?([eE][+-]?\d{1,3})?", re.ASCII)
TRUTHS = {word: True for word in ("true", "t", "yes", "y", "1")} | {
    word: False for word in ("false", "f", "no", "n", "0")
}


class Wrong(Exception):
    """A value has not its column's type."""


def typed_row(entries: Iterable[tuple[str, object]], columns: dict[str, str]) -> dict:
    """A row with values of the declared types; what is empty is None. Raises Wrong that says why it is none."""
    row = {}
    for name, given in entries:
        type_ = columns.get(name)
        try:
            row[name] = given if type_ is None else typed(given, type_)
        except Wrong:
            raise Wrong(f"column {name} is no {type_}") from None
    return row


def typed(given: object, type_: str) -> object:
    return None if given is None or given == "" else READERS[type_](given)


def text_of(given: object) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, bool):
        return str(given).lower()
    if is_number(given):
        return number_text(given)
    raise Wrong


def number_of(given: object) -> object:
    """Digits stay as they are written; only what JSON forbids goes: a plus, leading zeros, a bare point."""
    if is_number(given):
        return given
    text = given.strip(SPACE) if isinstance(given, str) and len(given) <= 200 else ""
    found = NUMBER.fullmatch(text)
    if not found or not re.search(r"[0-9]", re.sub(r"[eE].*", "", text)):
        raise Wrong
    sign, whole, fraction, exponent = (part or "" for part in found.groups())
    point = f".{fraction}" if fraction else ""
    return read_number(f"{'-' if sign == '-' else ''}{whole or '0'}{point}{exponent}")


def boolean_of(given: object) -> bool:
    if isinstance(given, bool):
        return given
    text = number_text(given) if is_number(given) else given
    known = TRUTHS.get(text.strip(SPACE).lower()) if isinstance(text, str) else None
    if known is None:
        raise Wrong
    return known


def time_of(given: object) -> str:
    at = read_time(given)
    if at is None:
        raise Wrong
    return format_instant(at)


def json_of(given: object) -> object:
    if not isinstance(given, str):
        return given
    if is_deep(given):
        raise Wrong
    try:
        return strict_json(given)
    except ValueError:
        raise Wrong from None


READERS = {"text": text_of, "number": number_of, "boolean": boolean_of, "time": time_of, "json": json_of}


def strict_json(text: str) -> object:
    """JSON as JavaScript reads it: Python's reader also takes NaN and Infinity. Raises ValueError."""
    return json.loads(text, parse_int=read_number, parse_float=read_number, parse_constant=no_constant)


def no_constant(text: str) -> None:
    raise ValueError(text)


def is_deep(text: str) -> bool:
    """Whether a text of JSON is nested more deeply than a row may be."""
    depth = 0
    for found in TOKEN.finditer(text) if len(text) >= 2 * MOST_LEVELS else ():
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > MOST_LEVELS:
            return True
    return False
