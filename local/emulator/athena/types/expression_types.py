"""Trino's rules for the type of an expression by the types of its parts, and what it refuses."""

from sqlglot import exp

from emulator.athena.types import nested_types, scalar_types
from emulator.athena.types.arithmetic import calculated
from emulator.athena.types.call_types import called, function, in_zone
from emulator.athena.types.common_types import compared, joint, want_boolean
from emulator.athena.types.conditions import between, case, if_, in_, like, logical
from emulator.athena.types.trino_types import (
    BOOLEAN,
    DATE,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    KindOf,
    Type,
)

COMPARISONS = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.NullSafeEQ: "IS DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}
_SAME = (
    exp.Paren,
    exp.Alias,
    exp.Window,
    exp.IgnoreNulls,
    exp.RespectNulls,
    exp.Ordered,
    exp.Order,
    exp.WithinGroup,
    exp.Distinct,
)
_CONSTANTS = {
    exp.CurrentDate: DATE,
    exp.CurrentTimestamp: Type(TIMESTAMPTZ, (3,)),
    exp.Localtimestamp: Type("timestamp", (3,)),
    exp.Null: UNKNOWN,
    exp.Boolean: BOOLEAN,
    exp.Like: BOOLEAN,
    exp.GroupConcat: VARCHAR,
    exp.CurrentUser: VARCHAR,
    exp.HexString: Type("varbinary"),
    exp.Star: None,
}


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


def _text_joined(node: exp.DPipe, of_part: KindOf) -> Type | None:
    return called("concat", [of_part(node.left), of_part(node.right)])


def _filtered(node: exp.Filter, of_part: KindOf) -> Type | None:
    want_boolean(of_part(node.expression.this), "FILTER clause")
    return of_part(node.this)


def _zoned(node: exp.AtTimeZone, of_part: KindOf) -> Type | None:
    return in_zone(of_part(node.this), node.args["zone"])


def _is(node: exp.Is, of_part: KindOf) -> Type:
    of_part(node.this)
    return BOOLEAN


def _coalesced(node: exp.Coalesce, of_part: KindOf) -> Type | None:
    return joint("COALESCE", [of_part(node.this), *map(of_part, node.expressions)])


_RULES = (
    (exp.Literal, scalar_types.literal),
    ((exp.And, exp.Or, exp.Not), logical),
    (exp.Between, between),
    (exp.In, in_),
    (exp.Like, like),
    (exp.Case, case),
    (exp.If, if_),
    (exp.Cast, scalar_types.cast),
    (exp.Neg, scalar_types.negative),
    (exp.Extract, scalar_types.extract),
    (exp.DPipe, _text_joined),
    (exp.Anonymous, function),
    (exp.Array, nested_types.array),
    (exp.Tuple, nested_types.row),
    (exp.Bracket, nested_types.subscript),
    (exp.Dot, nested_types.field),
    (exp.AtTimeZone, _zoned),
    (exp.Interval, scalar_types.interval),
    (exp.Filter, _filtered),
    (exp.Is, _is),
    (exp.Coalesce, _coalesced),
)
