"""Sums, quotients and rests as Trino calculates them."""

from decimal import Decimal

from sqlglot import exp

from emulator.athena.translation.expressions import as_type, call, meet
from emulator.athena.types.arithmetic import decimal_result
from emulator.athena.types.trino_types import DOUBLE, TIMES, WHOLE, KindOf, Type, as_decimal


def divided(node: exp.Binary, kind_of: KindOf) -> exp.Expression:
    """A quotient or a rest of whole numbers, decimals or doubles."""
    kind, (one, other) = kind_of(node), (kind_of(node.left), kind_of(node.right))
    if kind is None or one is None or other is None:
        return node
    rest = isinstance(node, exp.Mod)
    left, right = node.left.unnest(), node.right.unnest()
    if kind.name in WHOLE:
        return as_type(call("cdp_rest" if rest else "cdp_quotient", left, right), kind)
    if kind.name == "decimal":
        (p, s), (q, t) = (each.parts for each in map(as_decimal, (one, other)))
        if rest:
            return as_type(
                call("cdp_rest", as_type(left.copy(), as_decimal(one)), as_type(right.copy(), as_decimal(other))), kind
            )
        return decimal_quotient(
            as_type(left.copy(), as_decimal(one)), as_type(right.copy(), as_decimal(other)), (s, t), kind
        )
    if kind.name in ("double", "real") and not rest:
        return call("cdp_double_quotient", as_type(left.copy(), DOUBLE), as_type(right.copy(), DOUBLE))
    return node


def decimal_quotient(one: exp.Expression, other: exp.Expression, scales: tuple[int, int], kind: Type) -> exp.Expression:
    """A quotient with the scale of its type, halves rounded up."""
    scale = kind.parts[1]
    shift, unit = (
        exp.Literal.number(10 ** (scale - scales[0] + scales[1])),
        exp.Literal.number(f"{Decimal(1).scaleb(-scale):f}"),
    )
    return as_type(call("cdp_decimal_quotient", one, other, shift, unit), kind)


def added(node: exp.Binary, kind_of: KindOf) -> exp.Expression:
    """A sum or difference with the type that Trino gives it."""
    kind, one, other = kind_of(node), kind_of(node.left), kind_of(node.right)
    if kind is None or one is None or other is None:
        return node
    if kind.name == "decimal":
        wide = decimal_result("+", as_decimal(one), as_decimal(other))
        node.left.replace(as_type(node.left.copy(), wide))
        node.right.replace(as_type(node.right.copy(), wide))
    elif kind.name == "date":
        return as_type(exp.Paren(this=node.copy()), kind)
    elif kind.name.startswith("interval") and one.name in TIMES:
        meet([node.left, node.right], kind_of)
        return call("cdp_days", node) if one.name == other.name == "date" else node
    return node
