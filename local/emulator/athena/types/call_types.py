"""What functions give for what they are given."""

from sqlglot import exp

from emulator.athena.types import functions
from emulator.athena.types.common_types import joint
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import INTEGER, TIMESTAMPTZ, VARCHAR, KindOf, Type, common, zone_of

DAY_UNITS = ("day", "week", "month", "quarter", "year")
ALL_UNITS = ("millisecond", "second", "minute", "hour", *DAY_UNITS)


def function(node: exp.Anonymous, of_part: KindOf) -> Type | None:
    name, given = node.name.lower(), [of_part(part) for part in node.expressions if not isinstance(part, exp.Star)]
    match name:
        case "at_timezone" if len(given) == 2:
            return in_zone(given[0], node.expressions[1])
        case "date_trunc" | "date_add" if len(given) > 1:
            return _moved(name, node, given)
        case "coalesce":
            return joint("COALESCE", given)
        case "nullif":
            if len(given) == 2 and given[0] and given[1] and common(*given) is None:
                raise Mismatch(f"Types are not comparable with NULLIF: {given[0]} vs {given[1]}")
            return given[0]
        case "try":
            return given[0]
        case "row":
            return Type("row", tuple(("", kind) for kind in given)) if all(given) else None
        case "format" | "typeof":
            return VARCHAR
        case "grouping":
            return INTEGER
    if name == "date_diff" and len(given) == 3 and given[1] and given[2]:
        check_unit(node.expressions[0], common(given[1], given[2]))
    return called(name, given) if functions.forms(name) and not (name == "normalize" and len(given) == 1) else None


def called(name: str, given: list[Type | None]) -> Type | None:
    try:
        return functions.result(name, given)
    except LookupError as error:
        told = ", ".join(str(kind or "?") for kind in given)
        raise Mismatch(
            f"Unexpected parameters ({told}) for function {name.lower()}. Expected: {functions.expected(name)}",
            "FUNCTION_NOT_FOUND",
        ) from error


def _moved(name: str, node: exp.Anonymous, given: list[Type | None]) -> Type | None:
    kind, unit = given[-1], node.expressions[0]
    check_unit(unit, kind)
    found = called(name, [*given[:-1], Type(kind.name, kind.parts[:1]) if kind else None])
    return kind if zone_of(kind) else found


def check_unit(unit: exp.Expression, kind: Type | None) -> None:
    """@raises Mismatch for a unit that is none of a type's"""
    named = {"date": ("DATE", DAY_UNITS), "timestamp": ("Timestamp", ALL_UNITS), TIMESTAMPTZ: ("Timestamp", ALL_UNITS)}
    if kind and kind.name in named and unit.is_string and unit.name.lower() not in named[kind.name][1]:
        raise Mismatch(f"'{unit.name}' is not a valid {named[kind.name][0]} field", "INVALID_FUNCTION_ARGUMENT")


def in_zone(kind: Type | None, zone: exp.Expression) -> Type | None:
    """The type of a time that is put in a zone, which it keeps where that is a literal. @raises Mismatch"""
    if kind and kind.name not in ("timestamp", TIMESTAMPTZ, "time", "time with time zone", "unknown"):
        raise Mismatch(f"Type of value must be a time or timestamp with or without time zone (actual {kind})")
    named = isinstance(zone, exp.Literal)
    return (
        Type(TIMESTAMPTZ, (*kind.parts[:1], Type(zone.name)))
        if named and kind and kind.name in ("timestamp", TIMESTAMPTZ)
        else None
    )
