"""Trino's rules for the type of an expression by the types of its parts, and what it refuses."""

import re
from collections.abc import Callable

from sqlglot import exp

from emulator import athena_functions as functions
from emulator.athena_arithmetic import calculated
from emulator.athena_casts import castable
from emulator.athena_types import BIGINT, BOOLEAN, DATE, DAYS, DOUBLE, INTEGER, MONTHS, TIMES, TIMESTAMPTZ, UNKNOWN, VARCHAR, Type, common, decimal, of, zone_of
from emulator.athena_mismatch import Mismatch

DAY_UNITS = ("day", "week", "month", "quarter", "year")
ALL_UNITS = ("millisecond", "second", "minute", "hour", *DAY_UNITS)
Of = Callable[[exp.Expression], Type | None]
COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.NullSafeEQ: "IS DISTINCT FROM", exp.NullSafeNEQ: "IS DISTINCT FROM"}
_SAME = (exp.Paren, exp.Alias, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.Ordered, exp.Order, exp.WithinGroup, exp.Distinct)
_CONSTANTS = {
    exp.CurrentDate: DATE, exp.CurrentTimestamp: Type(TIMESTAMPTZ, (3,)), exp.Localtimestamp: Type("timestamp", (3,)), exp.Null: UNKNOWN, exp.Boolean: BOOLEAN,
    exp.Like: BOOLEAN, exp.GroupConcat: VARCHAR, exp.CurrentUser: VARCHAR, exp.HexString: Type("varbinary"), exp.Star: None,
}  # fmt: skip


def kind_of(node: exp.Expression, of_part: Of) -> Type | None:
    """The type of an expression. @raises Mismatch"""
    if type(node) in COMPARISONS:
        return compared(COMPARISONS[type(node)], of_part(node.left), of_part(node.right))
    if isinstance(node, _SAME):
        return of_part(node.this if not isinstance(node, exp.Distinct) else node.expressions[0])
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)):
        return calculated(node, of_part(node.left), of_part(node.right))
    for kinds, rule in _RULES:
        if isinstance(node, kinds):
            return rule(node, of_part)
    for part in node.iter_expressions():
        if isinstance(part, exp.Condition) and not isinstance(part, (exp.DataType, exp.Identifier)):
            of_part(part)
    return _CONSTANTS.get(type(node))


def compared(operator: str, one: Type | None, other: Type | None) -> Type:
    """@raises Mismatch when two types do not meet"""
    if one and other and common(one, other) is None:
        if operator == "IN":
            raise Mismatch(f"value and result of subquery must be of the same type for IN expression: {one} vs {other}")
        raise Mismatch(f"Cannot apply operator: {one} {operator} {other}" if "IS" not in operator else f"Cannot check if {one} is distinct from {other}")
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
            raise Mismatch(f"All {what} operands must be the same type or coercible to a common type. Cannot find common type between {found} and {kind}")
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
            raise Mismatch(f"Column '{column.name}' cannot be resolved or requester is not authorized to access requested resources", "COLUMN_NOT_FOUND")
    if select.args.get("distinct") and order:
        shown = [*select.expressions, *(each.unalias() for each in select.expressions)]
        for each in order.expressions:
            if not isinstance(each.this, exp.Literal) and each.this.name not in names and each.this not in shown:
                raise Mismatch("For SELECT DISTINCT, ORDER BY expressions must appear in select list", "EXPRESSION_NOT_IN_DISTINCT")


def elements(kind: Type | None) -> tuple[Type, ...] | None:
    """The columns that UNNEST makes of a value. @raises Mismatch when it makes none"""
    if kind is None or kind.name in ("unknown", "json"):
        return None
    if kind.name not in ("array", "map"):
        raise Mismatch(f"Cannot unnest type: {kind}")
    if kind.name == "array" and isinstance(kind.parts[0], Type) and kind.parts[0].name == "row":
        return tuple(inner for _name, inner in kind.parts[0].parts)
    return kind.parts


def _literal(node: exp.Literal, _of: Of) -> Type:
    if node.is_string:
        return Type("varchar", (len(node.this),))
    text = node.this.replace("_", "").lower()
    if "e" in text and not text.startswith("0x"):
        return DOUBLE
    if "." in text:
        whole, _, rest = text.partition(".")
        return decimal(max(len(whole.lstrip("0")) + len(rest), 1), len(rest))
    return INTEGER if len(text) < 19 and int(text, 0) <= 2**31 - 1 else BIGINT


def _logical(node: exp.Expression, of_part: Of) -> Type:
    for part in node.iter_expressions():
        kind = of_part(part)
        if kind not in (None, BOOLEAN, UNKNOWN):
            word = "Value of logical NOT expression" if isinstance(node, exp.Not) else "Logical expression term"
            raise Mismatch(f"{word} must evaluate to a boolean (actual: {kind})")
    return BOOLEAN


def _between(node: exp.Between, of_part: Of) -> Type:
    value, low, high = of_part(node.this), of_part(node.args["low"]), of_part(node.args["high"])
    for bound in (low, high):
        if value and bound and common(value, bound) is None:
            raise Mismatch(f"Cannot check if {value} is BETWEEN {low} and {high}")
    return BOOLEAN


def _in(node: exp.In, of_part: Of) -> Type:
    kinds = [of_part(node.this), *map(of_part, node.expressions)]
    met = [kind for kind in kinds if kind]
    for other in met[1:]:
        if common(met[0], other) is None:
            raise Mismatch(f"IN value and list items must be the same type or coercible to a common type. Cannot find common type between {met[0]} and {other}")
    return BOOLEAN


def _like(node: exp.Like, of_part: Of) -> Type:
    for part, side in ((node.this, "Left side"), (node.expression, "Pattern")):
        kind = of_part(part.this if isinstance(part, exp.Escape) else part)
        if kind and kind.name not in ("varchar", "char", "unknown"):
            raise Mismatch(f"{side} of LIKE expression must evaluate to a varchar (actual: {kind})")
    return BOOLEAN


def _case(node: exp.Case, of_part: Of) -> Type | None:
    subject = of_part(node.this) if node.this else None
    for branch in node.args["ifs"]:
        condition = of_part(branch.this)
        if node.this is None:
            want_boolean(condition, "CASE WHEN clause")
        elif subject and condition and common(subject, condition) is None:
            raise Mismatch(f"CASE operand type does not match WHEN clause operand type: {subject} vs {condition}")
    otherwise = node.args.get("default")
    return _results("CASE", [*(branch.args["true"] for branch in node.args["ifs"]), *([otherwise] if otherwise else [])], of_part)


def _if(node: exp.If, of_part: Of) -> Type | None:
    want_boolean(of_part(node.this), "IF condition")
    return _results("IF", [part for part in (node.args.get("true"), node.args.get("false")) if part], of_part)


def _results(what: str, parts: list[exp.Expression], of_part: Of) -> Type | None:
    return joint(what, [of_part(part) for part in parts])


def _cast(node: exp.Cast, of_part: Of) -> Type | None:
    given = of_part(node.this)
    if node.this.is_string and node.args["to"].this == exp.DataType.Type.DECIMAL and not node.args["to"].expressions:
        digits = re.sub(r"[^\d.]", "", node.this.name)
        return _literal(exp.Literal.number(digits if "." in digits else f"{digits}."), of_part)
    wanted = of(node.args["to"])
    if given and wanted and not castable(given, wanted):
        raise Mismatch(f"Cannot cast {given} to {wanted}")
    return wanted


def _negative(node: exp.Neg, of_part: Of) -> Type | None:
    kind = of_part(node.this)
    if kind and kind.name not in ("unknown", "decimal", "real", "double", "tinyint", "smallint", "integer", "bigint", DAYS.name, MONTHS.name):
        raise Mismatch(f"Cannot negate {kind}")
    return kind


def _extract(node: exp.Extract, of_part: Of) -> Type:
    kind = of_part(node.expression)
    if kind and kind.name not in (*TIMES, "time", "time with time zone", DAYS.name, MONTHS.name, "unknown"):
        raise Mismatch(f"Cannot extract {node.name.lower()} from {kind}")
    return BIGINT


def _text_joined(node: exp.DPipe, of_part: Of) -> Type | None:
    return _called("concat", [of_part(node.left), of_part(node.right)])


def _called(name: str, given: list[Type | None]) -> Type | None:
    try:
        return functions.result(name, given)
    except LookupError as error:
        told = ", ".join(str(kind or "?") for kind in given)
        raise Mismatch(f"Unexpected parameters ({told}) for function {name.lower()}. Expected: {functions.expected(name)}", "FUNCTION_NOT_FOUND") from error


def _function(node: exp.Anonymous, of_part: Of) -> Type | None:
    name, given = node.name.lower(), [of_part(part) for part in node.expressions if not isinstance(part, exp.Star)]
    match name:
        case "at_timezone" if len(given) == 2:
            return _in_zone(exp.AtTimeZone(this=node.expressions[0], zone=node.expressions[1]), of_part)
        case ("date_trunc" | "date_add") if len(given) > 1:
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
    return _called(name, given) if functions.forms(name) and not (name == "normalize" and len(given) == 1) else None


def _moved(name: str, node: exp.Anonymous, given: list[Type | None]) -> Type | None:
    kind, unit = given[-1], node.expressions[0]
    check_unit(unit, kind)
    found = _called(name, [*given[:-1], Type(kind.name, kind.parts[:1]) if kind else None])
    return kind if zone_of(kind) else found


def check_unit(unit: exp.Expression, kind: Type | None) -> None:
    """@raises Mismatch for a unit that is none of a type's"""
    named = {"date": ("DATE", DAY_UNITS), "timestamp": ("Timestamp", ALL_UNITS), TIMESTAMPTZ: ("Timestamp", ALL_UNITS)}
    if kind and kind.name in named and unit.is_string and unit.name.lower() not in named[kind.name][1]:
        raise Mismatch(f"'{unit.name}' is not a valid {named[kind.name][0]} field", "INVALID_FUNCTION_ARGUMENT")


def _array(node: exp.Array, of_part: Of) -> Type | None:
    inner = joint("ARRAY", [of_part(part) for part in node.expressions])
    return Type("array", (inner,)) if inner else None


def _tuple(node: exp.Tuple, of_part: Of) -> Type | None:
    kinds = [of_part(part) for part in node.expressions]
    return Type("row", tuple(("", kind) for kind in kinds)) if all(kinds) else None


def _subscript(node: exp.Bracket, of_part: Of) -> Type | None:
    base, index = of_part(node.this), [of_part(part) for part in node.expressions]
    if base is None or base.name not in ("array", "map", "row"):
        return None
    if base.name == "map" and index[0] and common(base.parts[0], index[0]) is None:
        raise Mismatch(f"Cannot use {index[0]} for subscript of {base}")
    return base.parts[-1] if base.name != "row" else None


def _field(node: exp.Dot, of_part: Of) -> Type | None:
    base = of_part(node.this)
    return dict(base.parts).get(node.name.lower()) if base and base.name == "row" else None


def _in_zone(node: exp.AtTimeZone, of_part: Of) -> Type | None:
    kind = of_part(node.this)
    if kind and kind.name not in ("timestamp", TIMESTAMPTZ, "time", "time with time zone", "unknown"):
        raise Mismatch(f"Type of value must be a time or timestamp with or without time zone (actual {kind})")
    named = isinstance(node.args["zone"], exp.Literal)
    return Type(TIMESTAMPTZ, (*kind.parts[:1], Type(node.args["zone"].name))) if named and kind and kind.name in ("timestamp", TIMESTAMPTZ) else None


def _interval(node: exp.Interval, _of: Of) -> Type:
    return MONTHS if str(node.args.get("unit")).upper().startswith(("YEAR", "MONTH")) else DAYS


def _filtered(node: exp.Filter, of_part: Of) -> Type | None:
    want_boolean(of_part(node.expression.this), "FILTER clause")
    return of_part(node.this)


_RULES = (
    (exp.Literal, _literal), ((exp.And, exp.Or, exp.Not), _logical), (exp.Between, _between), (exp.In, _in), (exp.Like, _like), (exp.Case, _case),
    (exp.If, _if), (exp.Cast, _cast), (exp.Neg, _negative), (exp.Extract, _extract), (exp.DPipe, _text_joined), (exp.Anonymous, _function),
    (exp.Array, _array), (exp.Tuple, _tuple), (exp.Bracket, _subscript), (exp.Dot, _field), (exp.AtTimeZone, _in_zone), (exp.Interval, _interval),
    (exp.Filter, _filtered), (exp.Is, lambda node, of_part: (of_part(node.this), BOOLEAN)[1]), (exp.Coalesce, lambda node, of_part: joint("COALESCE", [of_part(node.this), *map(of_part, node.expressions)])),
)  # fmt: skip
