"""Trino's arithmetic: which types it takes, and which it gives."""

from sqlglot import exp

from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import DAYS, MONTHS, NUMBERS, TIMESTAMPTZ, Type, as_decimal, common, decimal

_SIGNS = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_INTERVALS = (DAYS.name, MONTHS.name)
_MOMENTS = ("date", "time", "timestamp", TIMESTAMPTZ)


def calculated(node: exp.Binary, one: Type | None, other: Type | None) -> Type | None:
    """The type of a sum, difference, product, quotient or rest. @raises Mismatch"""
    if one is None or other is None or "unknown" in (one.name, other.name):
        return None
    sign = _SIGNS[type(node)]
    if one.name in NUMBERS and other.name in NUMBERS:
        met = common(one, other)
        return decimal_result(sign, as_decimal(one), as_decimal(other)) if met.name == "decimal" else met
    kind = _with_times(sign, one, other)
    if kind is None:
        raise Mismatch(f"Cannot apply operator: {one} {sign} {other}")
    _refuse_hours_of_days(node, one, other)
    return kind


def decimal_result(sign: str, one: Type, other: Type) -> Type:
    """Precision and scale as Trino's documentation gives them."""
    (p, s), (q, t) = one.parts, other.parts
    match sign:
        case "+" | "-":
            return decimal(max(p - s, q - t) + max(s, t) + 1, max(s, t))
        case "*":
            if s + t > 38:
                raise Mismatch(
                    f"DECIMAL scale must be in range [0, precision (38)]: {s + t}", "INVALID_FUNCTION_ARGUMENT"
                )
            return decimal(p + q, s + t)
        case "/":
            return decimal(p + t + max(t - s, 0), max(s, t))
    return decimal(min(p - s, q - t) + max(s, t), max(s, t))


def _with_times(sign: str, one: Type, other: Type) -> Type | None:
    match sign:
        case "+" | "-" if other.name in _INTERVALS and (one.name in _MOMENTS or one == other):
            return _moved(one, other)
        case "+" if one.name in _INTERVALS and other.name in _MOMENTS:
            return _moved(other, one)
        case "-" if one.name in _MOMENTS and other.name in _MOMENTS and common(one, other):
            return DAYS
        case "*" | "/" if one.name in _INTERVALS and other.name in NUMBERS:
            return one
        case "*" if other.name in _INTERVALS and one.name in NUMBERS:
            return other
    return None


def _moved(moment: Type, interval: Type) -> Type:
    """A time moved by milliseconds has them."""
    if interval == DAYS and moment.name in ("time", "timestamp", TIMESTAMPTZ):
        return Type(moment.name, (max(moment.parts[0], 3), *moment.parts[1:]))
    return moment


def _refuse_hours_of_days(node: exp.Binary, one: Type, other: Type) -> None:
    interval = next((part.find(exp.Interval) for part in (node.left, node.right) if part.find(exp.Interval)), None)
    if (
        interval
        and "date" in (one.name, other.name)
        and str(interval.args.get("unit")).upper() in ("HOUR", "MINUTE", "SECOND")
    ):
        raise Mismatch("Cannot add hour, minutes or seconds to a date", "INVALID_FUNCTION_ARGUMENT")
