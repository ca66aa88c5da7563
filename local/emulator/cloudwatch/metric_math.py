"""The part of CloudWatch's metric math that the platform's alarms use. Pure: no clock, no MiniStack."""

import ast
import operator
import re
from collections.abc import Mapping
from typing import Any

Value = float | None
"""A metric's value in a period; None where nothing was counted."""

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_WORDS = {"AND": "and", "OR": "or", "&&": "and", "||": "or"}


def parse(expression: str) -> ast.expr:
    """Parses an expression. Raises ValueError for anything that is not supported."""
    try:
        tree = ast.parse(re.sub(r"\bAND\b|\bOR\b|&&|\|\|", lambda word: _WORDS[word[0]], expression), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{expression} is no expression of metric math: {error}") from error
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    evaluate(tree, dict.fromkeys(names, 1.0))
    return tree


def evaluate(node: ast.expr, values: Mapping[str, Value]) -> Value:
    """The expression's value in a period. A missing value makes the result missing, except in FILL and MAX."""

    def of(part: ast.expr) -> Value:
        return evaluate(part, values)

    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]) if (
            type(op) in _OPERATORS
        ):
            return _reckoned(op, of(left), of(right))
        case ast.BoolOp(op=op, values=parts):
            told = [of(part) for part in parts]
            return None if None in told else float((all if isinstance(op, ast.And) else any)(told))
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, instead]):
            return of(instead) if of(metric) is None else of(metric)
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            return None if of(condition) is None else of(then if of(condition) else otherwise)
        case ast.Call(func=ast.Name(id="MAX"), args=[ast.List(elts=parts)]):
            return max((value for part in parts if (value := of(part)) is not None), default=None)
    raise ValueError(f"the local emulator does not know {ast.unparse(node)} of metric math")


def _reckoned(op: Any, left: Value, right: Value) -> Value:
    if left is None or right is None or (isinstance(op, ast.Div) and right == 0):
        return None
    return float(_OPERATORS[type(op)](left, right))
