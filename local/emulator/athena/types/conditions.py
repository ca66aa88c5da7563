"""Conditions and choices, as Trino takes them."""

from sqlglot import exp

from emulator.athena.types.common_types import joint, want_boolean
from emulator.athena.types.mismatch import Mismatch
from emulator.athena.types.trino_types import BOOLEAN, UNKNOWN, KindOf, Type, common


def logical(node: exp.Expression, of_part: KindOf) -> Type:
    for part in node.iter_expressions():
        kind = of_part(part)
        if kind not in (None, BOOLEAN, UNKNOWN):
            word = "Value of logical NOT expression" if isinstance(node, exp.Not) else "Logical expression term"
            raise Mismatch(f"{word} must evaluate to a boolean (actual: {kind})")
    return BOOLEAN


def between(node: exp.Between, of_part: KindOf) -> Type:
    value, low, high = of_part(node.this), of_part(node.args["low"]), of_part(node.args["high"])
    for bound in (low, high):
        if value and bound and common(value, bound) is None:
            raise Mismatch(f"Cannot check if {value} is BETWEEN {low} and {high}")
    return BOOLEAN


def in_(node: exp.In, of_part: KindOf) -> Type:
    kinds = [of_part(node.this), *map(of_part, node.expressions)]
    met = [kind for kind in kinds if kind]
    for other in met[1:]:
        if common(met[0], other) is None:
            raise Mismatch(
                "IN value and list items must be the same type or coercible to a common type. "
                f"Cannot find common type between {met[0]} and {other}"
            )
    return BOOLEAN


def like(node: exp.Like, of_part: KindOf) -> Type:
    for part, side in ((node.this, "Left side"), (node.expression, "Pattern")):
        kind = of_part(part.this if isinstance(part, exp.Escape) else part)
        if kind and kind.name not in ("varchar", "char", "unknown"):
            raise Mismatch(f"{side} of LIKE expression must evaluate to a varchar (actual: {kind})")
    return BOOLEAN


def case(node: exp.Case, of_part: KindOf) -> Type | None:
    subject = of_part(node.this) if node.this else None
    for branch in node.args["ifs"]:
        condition = of_part(branch.this)
        if node.this is None:
            want_boolean(condition, "CASE WHEN clause")
        elif subject and condition and common(subject, condition) is None:
            raise Mismatch(f"CASE operand type does not match WHEN clause operand type: {subject} vs {condition}")
    otherwise = node.args.get("default")
    return _results(
        "CASE", [*(branch.args["true"] for branch in node.args["ifs"]), *([otherwise] if otherwise else [])], of_part
    )


def if_(node: exp.If, of_part: KindOf) -> Type | None:
    want_boolean(of_part(node.this), "IF condition")
    return _results("IF", [part for part in (node.args.get("true"), node.args.get("false")) if part], of_part)


def _results(what: str, parts: list[exp.Expression], of_part: KindOf) -> Type | None:
    return joint(what, [of_part(part) for part in parts])
