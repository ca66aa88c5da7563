"""Trino's rules for the type of an expression by the types of its parts, and what it refuses."""

import re

from sqlglot import exp

from emulator.athena.types.arithmetic import calculated
from emulator.athena.types.call_types import called, function, in_zone
from emulator.athena.types.casts import castable
from emulator.athena.types.common_types import compared, joint, want_boolean
from emulator.athena.types.conditions import between, case, if_, in_, like, logical
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DAYS,
    DOUBLE,
    INTEGER,
    MONTHS,
    TIMES,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    KindOf,
    Type,
    common,
    decimal,
    type_of,
)

COMPARISONS = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.NullSafeEQ: "IS DISTINCT FROM", exp.NullSafeNEQ: "IS DISTINCT FROM"}
_SAME = (exp.Paren, exp.Alias, exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.Ordered, exp.Order, exp.WithinGroup, exp.Distinct)
_CONSTANTS = {
    exp.CurrentDate: DATE, exp.CurrentTimestamp: Type(TIMESTAMPTZ, (3,)), exp.Localtimestamp: Type("timestamp", (3,)), exp.Null: UNKNOWN, exp.Boolean: BOOLEAN,
    exp.Like: BOOLEAN, exp.GroupConcat: VARCHAR, exp.CurrentUser: VARCHAR, exp.HexString: Type("varbinary"), exp.Star: None,
}  # fmt: skip


def kind_of(node: exp.Expression, of_part: KindOf) -> Type | None:
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


def _literal(node: exp.Literal, _of: KindOf) -> Type:
    if node.is_string:
        return Type("varchar", (len(node.this),))
    text = node.this.replace("_", "").lower()
    if "e" in text and not text.startswith("0x"):
        return DOUBLE
    if "." in text:
        whole, _, rest = text.partition(".")
        return decimal(max(len(whole.lstrip("0")) + len(rest), 1), len(rest))
    return INTEGER if len(text) < 19 and int(text, 0) <= 2**31 - 1 else BIGINT


def _cast(node: exp.Cast, of_part: KindOf) -> Type | None:
    given = of_part(node.this)
    if node.this.is_string and node.args["to"].this == exp.DataType.Type.DECIMAL and not node.args["to"].expressions:
        digits = re.sub(r"[^\d.]", "", node.this.name)
        return _literal(exp.Literal.number(digits if "." in digits else f"{digits}."), of_part)
    wanted = type_of(node.args["to"])
    if given and wanted and not castable(given, wanted):
        raise Mismatch(f"Cannot cast {given} to {wanted}")
    return wanted


def _negative(node: exp.Neg, of_part: KindOf) -> Type | None:
    kind = of_part(node.this)
    if kind and kind.name not in ("unknown", "decimal", "real", "double", "tinyint", "smallint", "integer", "bigint", DAYS.name, MONTHS.name):
        raise Mismatch(f"Cannot negate {kind}")
    return kind


def _extract(node: exp.Extract, of_part: KindOf) -> Type:
    kind = of_part(node.expression)
    if kind and kind.name not in (*TIMES, "time", "time with time zone", DAYS.name, MONTHS.name, "unknown"):
        raise Mismatch(f"Cannot extract {node.name.lower()} from {kind}")
    return BIGINT


def _text_joined(node: exp.DPipe, of_part: KindOf) -> Type | None:
    return called("concat", [of_part(node.left), of_part(node.right)])


def _array(node: exp.Array, of_part: KindOf) -> Type | None:
    inner = joint("ARRAY", [of_part(part) for part in node.expressions])
    return Type("array", (inner,)) if inner else None


def _tuple(node: exp.Tuple, of_part: KindOf) -> Type | None:
    kinds = [of_part(part) for part in node.expressions]
    return Type("row", tuple(("", kind) for kind in kinds)) if all(kinds) else None


def _subscript(node: exp.Bracket, of_part: KindOf) -> Type | None:
    base, index = of_part(node.this), [of_part(part) for part in node.expressions]
    if base is None or base.name not in ("array", "map", "row"):
        return None
    if base.name == "map" and index[0] and common(base.parts[0], index[0]) is None:
        raise Mismatch(f"Cannot use {index[0]} for subscript of {base}")
    return base.parts[-1] if base.name != "row" else None


def _field(node: exp.Dot, of_part: KindOf) -> Type | None:
    base = of_part(node.this)
    return dict(base.parts).get(node.name.lower()) if base and base.name == "row" else None


def _interval(node: exp.Interval, _of: KindOf) -> Type:
    return MONTHS if str(node.args.get("unit")).upper().startswith(("YEAR", "MONTH")) else DAYS


def _filtered(node: exp.Filter, of_part: KindOf) -> Type | None:
    want_boolean(of_part(node.expression.this), "FILTER clause")
    return of_part(node.this)


_RULES = (
    (exp.Literal, _literal), ((exp.And, exp.Or, exp.Not), logical), (exp.Between, between), (exp.In, in_), (exp.Like, like), (exp.Case, case),
    (exp.If, if_), (exp.Cast, _cast), (exp.Neg, _negative), (exp.Extract, _extract), (exp.DPipe, _text_joined), (exp.Anonymous, function),
    (exp.Array, _array), (exp.Tuple, _tuple), (exp.Bracket, _subscript), (exp.Dot, _field), (exp.AtTimeZone, lambda node, of_part: in_zone(of_part(node.this), node.args["zone"])), (exp.Interval, _interval),
    (exp.Filter, _filtered), (exp.Is, lambda node, of_part: (of_part(node.this), BOOLEAN)[1]), (exp.Coalesce, lambda node, of_part: joint("COALESCE", [of_part(node.this), *map(of_part, node.expressions)])),
)  # fmt: skip
