"""Where types meet: comparisons, choices, set operations and conditions."""

from sqlglot import exp

from emulator.athena.grammar.statements import unresolved
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import BOOLEAN, UNKNOWN, Type, common


def compared(operator: str, one: Type | None, other: Type | None) -> Type:
    """@raises Mismatch when two types do not meet"""
    if one and other and common(one, other) is None:
        if operator == "IN":
            raise Mismatch(f"value and result of subquery must be of the same type for IN expression: {one} vs {other}")
        raise Mismatch(
            f"Cannot apply operator: {one} {operator} {other}"
            if "IS" not in operator
            else f"Cannot check if {one} is distinct from {other}"
        )
    return BOOLEAN


def joint(what: str, kinds: list[Type | None]) -> Type | None:
    """The type that all of them are taken for. @raises Mismatch when there is none"""
    found: Type | None = UNKNOWN
    for kind in kinds:
        if kind is None or found is None:
            found = None
            continue
        met = common(found, kind)
        if met is None:
            raise Mismatch(
                f"All {what} operands must be the same type or coercible to a common type. "
                f"Cannot find common type between {found} and {kind}"
            )
        found = met
    return found


def united(what: str, left: list, right: list) -> list:
    """The columns of a set operation. @raises Mismatch"""
    if left and right and len(left) != len(right):
        raise Mismatch(f"{what} query has different number of fields: {len(left)}, {len(right)}")
    columns = []
    for at, ((name, one), (_name, other)) in enumerate(zip(left, right, strict=False), start=1):
        met = common(one, other) if one and other else None
        if one and other and met is None:
            raise Mismatch(f"column {at} in {what} query has incompatible types: {one}, {other}")
        columns.append((name, met))
    return columns


def want_boolean(kind: Type | None, what: str) -> None:
    """@raises Mismatch when a condition is none"""
    if kind not in (None, BOOLEAN, UNKNOWN):
        raise Mismatch(f"{what} must evaluate to a boolean: actual type {kind}")


def check_order(select: exp.Select) -> None:
    """@raises Mismatch where HAVING takes a name of a result, or DISTINCT is sorted by something else"""
    having, order = select.args.get("having"), select.args.get("order")
    names = {each.alias for each in select.expressions if isinstance(each, exp.Alias)}
    for column in having.find_all(exp.Column) if having else []:
        if not column.table and column.name in names:
            raise Mismatch(
                unresolved(column.name),
                "COLUMN_NOT_FOUND",
            )
    if select.args.get("distinct") and order:
        shown = [*select.expressions, *(each.unalias() for each in select.expressions)]
        for each in order.expressions:
            if not isinstance(each.this, exp.Literal) and each.this.name not in names and each.this not in shown:
                raise Mismatch(
                    "For SELECT DISTINCT, ORDER BY expressions must appear in select list", "EXPRESSION_NOT_IN_DISTINCT"
                )


def elements(kind: Type | None) -> tuple[Type, ...] | None:
    """The columns that UNNEST makes of a value. @raises Mismatch when it makes none"""
    if kind is None or kind.name in ("unknown", "json"):
        return None
    if kind.name not in ("array", "map"):
        raise Mismatch(f"Cannot unnest type: {kind}")
    if kind.name == "array" and isinstance(kind.parts[0], Type) and kind.parts[0].name == "row":
        return tuple(inner for _name, inner in kind.parts[0].parts)
    return kind.parts
