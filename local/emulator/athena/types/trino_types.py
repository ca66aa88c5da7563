"""Trino's types, as it writes them, and which it converts to which without a cast."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Union

from sqlglot import exp

Part = Union[int, "Type", tuple[str, "Type"]]


@dataclass(frozen=True)
class Type:
    """A type's name and what its parentheses hold; a row's fields have names, a time may have a zone."""

    name: str
    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        name, _, zone = self.name.partition(" with ")
        parts = self.parts[:1] if zone else self.parts
        inside = ("," if self.name == "decimal" else ", ").join(
            str(part) if not isinstance(part, tuple) else f"{part[0]} {part[1]}".strip() for part in parts
        )
        return f"{name}{f'({inside})' if self.parts else ''}{f' with {zone}' if zone else ''}"


KindOf = Callable[[exp.Expression], Type | None]
"""Tells the type of a part of a query; None where it cannot be told."""


def zone_of(kind: Type | None) -> str | None:
    """The zone that a time was put in by name; DuckDB then has it as the time on the wall there."""
    return kind.parts[1].name if kind and kind.name == TIMESTAMPTZ and len(kind.parts) > 1 else None


def _plain(*names: str) -> list[Type]:
    return [Type(name) for name in names]


BOOLEAN, INTEGER, BIGINT, DOUBLE, DATE, VARCHAR, UNKNOWN = _plain(
    "boolean", "integer", "bigint", "double", "date", "varchar", "unknown"
)
DAYS, MONTHS = _plain("interval day to second", "interval year to month")
TIMESTAMPTZ = "timestamp with time zone"
WHOLE = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
_RANK = ("tinyint", "smallint", "integer", "bigint", "decimal", "real", "double")
_TIMES = ("date", "timestamp", TIMESTAMPTZ)
_TEXTS = ("char", "varchar")
NUMBERS, TIMES = frozenset(_RANK), frozenset(_TIMES)


def decimal(precision: int, scale: int) -> Type:
    return Type("decimal", (min(precision, 38), scale))


def as_decimal(kind: Type) -> Type | None:
    """A whole number's type as a decimal one."""
    return kind if kind.name == "decimal" else decimal(WHOLE[kind.name], 0) if kind.name in WHOLE else None


def common(one: Type, other: Type) -> Type | None:
    """The type that both are taken for where they meet; None where there is none."""
    if one == other or other == UNKNOWN:
        return one
    if one == UNKNOWN:
        return other
    names = {one.name, other.name}
    if names <= NUMBERS:
        return _common_number(one, other)
    if names <= TIMES:
        return Type(max(names, key=_TIMES.index), (max(*one.parts[:1], *other.parts[:1], 0, 0),))
    if names <= set(_TEXTS):
        return _common_text(one, other)
    if len(names) == 1 and len(one.parts) == len(other.parts):
        return _common_nested(one, other)
    return None


def takes(wanted: Type, given: Type) -> bool:
    """Whether a value of a type may stand where another is wanted."""
    joint = common(wanted, given)
    return joint is not None and (
        joint == wanted
        or wanted.name == joint.name
        and wanted.name in ("decimal", "varchar", "char", "timestamp", TIMESTAMPTZ, "time")
    )


def _common_number(one: Type, other: Type) -> Type:
    if {one.name, other.name} <= {*WHOLE, "decimal"} and "decimal" in (one.name, other.name):
        (p, s), (q, t) = as_decimal(one).parts, as_decimal(other).parts
        return decimal(max(p - s, q - t) + max(s, t), max(s, t))
    return max(one, other, key=lambda kind: _RANK.index(kind.name))


def _common_text(one: Type, other: Type) -> Type:
    kind = "char" if one.name == other.name == "char" or "char" in (one.name, other.name) else "varchar"
    if not one.parts or not other.parts:
        return VARCHAR
    return Type(kind, (max(one.parts[0], other.parts[0]),))


def _common_nested(one: Type, other: Type) -> Type | None:
    joint = []
    for mine, theirs in zip(one.parts, other.parts, strict=True):
        if isinstance(mine, int):
            return Type(one.name, (max(mine, theirs),))
        inner = common(mine[1], theirs[1]) if isinstance(mine, tuple) else common(mine, theirs)
        if inner is None:
            return None
        joint.append((mine[0] if mine[0] == theirs[0] else "", inner) if isinstance(mine, tuple) else inner)
    return Type(one.name, tuple(joint))
