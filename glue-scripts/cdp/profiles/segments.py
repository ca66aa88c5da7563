"""Decides membership by the configured conditions of `segments`, a closed language. No text is evaluated."""

from collections.abc import Callable

from cdp.values.exact_json import SentNumber, is_same_number, read_json
from cdp.values.text import is_blank

Traits = dict[str, object]


def membership(segments: list[dict]) -> Callable[[dict[str, str] | None], list[str]]:
    """Makes a function from traits, as JSON texts, to the keys of the segments that hold for them."""

    def of(texts: dict[str, str] | None) -> list[str]:
        traits = {name: read_json(text) for name, text in (texts or {}).items()}
        return sorted(segment["key"] for segment in segments if holds(segment["where"], traits))

    return of


def holds(condition: dict, traits: Traits) -> bool:
    if "all" in condition:
        return all(holds(part, traits) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, traits) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], traits)
    return compare(condition, traits.get(condition["trait"]))


def asked_by(condition: dict) -> frozenset[str]:
    """The names of the traits that a condition compares."""
    parts = [*condition.get("all", ()), *condition.get("any", ()), *([condition["not"]] if "not" in condition else [])]
    return frozenset().union(*map(asked_by, parts)) if parts else frozenset({condition["trait"]})


def compare(condition: dict, actual: object) -> bool:
    """Compares a trait. A missing trait, or one of another type, makes a comparison false; a blank text is no value."""
    operator, value = condition["operator"], condition.get("value")
    actual = None if is_blank(actual) else actual
    if operator == "missing" or actual is None:
        return operator == "missing" and actual is None
    return operator == "exists" or COMPARE[operator](actual, value)


def same(actual: object, value: object) -> bool:
    """Compares exactly, to the last digit. Unlike in Python, a number never equals a boolean."""
    if isinstance(actual, SentNumber):
        return is_number(value) and is_same_number(actual.text, repr(value))
    return isinstance(actual, bool) == isinstance(value, bool) and actual == value


def is_number(actual: object) -> bool:
    return isinstance(actual, int | float) and not isinstance(actual, bool)


def nearest(number: float) -> float:
    """The double nearest to a number; infinite beyond the largest double."""
    return float(str(number))


COMPARE: dict[str, Callable] = {
    "equals": same,
    "notEquals": lambda actual, value: not same(actual, value),
    "anyOf": lambda actual, values: any(same(actual, value) for value in values),
    "greaterThan": lambda actual, value: is_number(actual) and nearest(actual) > value,
    "atLeast": lambda actual, value: is_number(actual) and nearest(actual) >= value,
    "lessThan": lambda actual, value: is_number(actual) and nearest(actual) < value,
    "atMost": lambda actual, value: is_number(actual) and nearest(actual) <= value,
    "contains": lambda actual, value: isinstance(actual, str) and value in actual,
    "startsWith": lambda actual, value: isinstance(actual, str) and actual.startswith(value),
    "endsWith": lambda actual, value: isinstance(actual, str) and actual.endswith(value),
}
