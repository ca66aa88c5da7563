"""Compares a value with what a definition says; `lambdas/core/segments/comparisons/fulfils.ts` is the stream's."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from cdp.segments.readings import boolean_of, instant_of, items_of, number_of, numeric_text
from cdp.values.exact_json import is_same_number, number_text

ORDERS: dict[str, Callable[[float, dict], bool]] = {
    "greaterThan": lambda number, said: number > float(said["value"]),
    "atLeast": lambda number, said: number >= float(said["value"]),
    "lessThan": lambda number, said: number < float(said["value"]),
    "atMost": lambda number, said: number <= float(said["value"]),
    "between": lambda number, said: float(said["from"]) <= number <= float(said["to"]),
}


def fulfils(said: dict, value: object, zone: ZoneInfo) -> bool:
    """Whether a comparison is true of a value, or of an item of it if it is a list.

    Nothing is true of a missing value but `missing`.
    """
    items, operator = items_of(value), said["operator"]
    if operator in ("exists", "missing"):
        return bool(items) == (operator == "exists")
    if operator in ("notEquals", "noneOf"):
        return bool(items) and not any(is_one_of(item, said) for item in items)
    if operator == "contains":
        return any(
            is_same(item, said["value"]) or (not isinstance(value, list) and has_part(item, said["value"]))
            for item in items
        )
    return any(fulfils_one(said, item, zone) for item in items)


def fulfils_one(said: dict, item: object, zone: ZoneInfo) -> bool:
    operator = said["operator"]
    if operator in ("equals", "anyOf"):
        return is_one_of(item, said)
    if operator == "startsWith":
        return isinstance(item, str) and item.startswith(said["value"])
    if operator == "endsWith":
        return isinstance(item, str) and item.endswith(said["value"])
    if operator in ("before", "after"):
        at, other = instant_of(item, zone), instant_of(said["value"], zone)
        return at is not None and other is not None and (at < other if operator == "before" else at > other)
    number = number_of(item)
    return number is not None and ORDERS[operator](number, said)


def is_one_of(item: object, said: dict) -> bool:
    wanted = said["value"]
    return any(is_same(item, one) for one in (wanted if isinstance(wanted, list) else [wanted]))


def is_same(item: object, wanted: object) -> bool:
    """Read as what is wanted: a number to the last digit, a boolean, or the same text."""
    if isinstance(wanted, bool):
        return boolean_of(item) is wanted
    if isinstance(wanted, str):
        return isinstance(item, str) and item == wanted
    text = numeric_text(item)
    return text is not None and is_same_number(text, number_text(wanted))


def has_part(item: object, part: object) -> bool:
    return isinstance(item, str) and isinstance(part, str) and part in item
