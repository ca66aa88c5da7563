"""Rewrites the parts of a query for which DuckDB would give another answer or another type."""

from sqlglot import exp
from sqlglot.dialects.dialect import apply_index_offset

from emulator.athena.grammar.dialect import TrinoOnly
from emulator.athena.grammar.statements import not_supported
from emulator.athena.translation.arithmetic import added, divided
from emulator.athena.translation.calls import rewritten_call
from emulator.athena.translation.expressions import COUNTED, as_type, call, meet
from emulator.athena.translation.intervals import as_interval
from emulator.athena.translation.text_casts import cast_from_text, cast_to_text
from emulator.athena.translation.unnest import unnested
from emulator.athena.types.expression_types import COMPARISONS
from emulator.athena.types.trino_types import NUMBERS, TIMES, WHOLE, KindOf, Type

_PLAIN = (exp.Column, exp.Literal, exp.Star, exp.Dot, exp.Null, exp.Boolean)
_EXTRACTED = {
    "DOW": "day_of_week",
    "DAY_OF_WEEK": "day_of_week",
    "YOW": "year_of_week",
    "YEAR_OF_WEEK": "year_of_week",
    "DOY": "day_of_year",
    "DAY_OF_YEAR": "day_of_year",
}


def rewritten(query: exp.Query, kind_of: KindOf) -> exp.Query:
    """The query with every part that DuckDB takes otherwise put in other words."""
    for node in reversed(list(query.walk())):
        made = _rewritten(node, kind_of)
        if made is not node:
            made.meta["part"] = node.meta.get("part", -1)
            node.replace(made)
    return query


def _rewritten(node: exp.Expression, kind_of: KindOf) -> exp.Expression:
    match node:
        case exp.Select():
            _cast_outputs(node, kind_of)
        case exp.Div() | exp.Mod():
            return divided(node, kind_of)
        case exp.Add() | exp.Sub():
            return added(node, kind_of)
        case exp.Cast():
            return _cast(node, kind_of)
        case exp.Interval():
            return as_interval(node)
        case exp.Extract() if node.name.upper() in _EXTRACTED:
            return call(_EXTRACTED[node.name.upper()], node.expression)
        case exp.Bracket() if kind_of(node.this):
            return _subscript(node, kind_of(node.this))
        case exp.Anonymous():
            return rewritten_call(node, kind_of)
        case exp.Between():
            meet([node.this, node.args["low"], node.args["high"]], kind_of)
        case exp.In() if node.expressions:
            meet([node.this, *node.expressions], kind_of)
        case exp.Case():
            meet(
                [
                    *(branch.args["true"] for branch in node.args["ifs"]),
                    *([node.args["default"]] if node.args.get("default") else []),
                ],
                kind_of,
            )
        case exp.If() if node.args.get("false") and not isinstance(node.parent, exp.Case):
            meet([node.args["true"], node.args["false"]], kind_of)
        case exp.Unnest():
            return unnested(node, kind_of)
        case _ if type(node) in COMPARISONS:
            meet([node.left, node.right], kind_of)
    return node


def _cast_outputs(select: exp.Select, kind_of: KindOf) -> None:
    for column in select.expressions:
        inner, kind = column.unalias(), kind_of(column)
        if kind in COUNTED and _comes_out(select):
            inner.replace(call(COUNTED[kind], inner))
        if kind and not isinstance(inner, _PLAIN) and (kind.name in NUMBERS or kind.name in TIMES):
            inner.replace(as_type(inner.copy(), kind))


def _comes_out(select: exp.Select) -> bool:
    """Whether its columns are the answer's."""
    outer = select.parent
    while isinstance(outer, exp.SetOperation):
        outer = outer.parent
    return outer is None


def _cast(node: exp.Cast, kind_of: KindOf) -> exp.Expression:
    given, wanted = kind_of(node.this), kind_of(node)
    if given is None or wanted is None:
        return node
    if given.name in ("double", "real") and wanted.name in WHOLE:
        node.this.replace(call("round", node.this))
    elif given.name in ("varchar", "char") and not (node.this.is_string and wanted.name == "decimal"):
        return cast_from_text(node, wanted)
    elif wanted.name in ("varchar", "char") and given in COUNTED:
        raise not_supported("does not write intervals as texts; AWS does")
    elif wanted.name in ("varchar", "char"):
        return cast_to_text(node, given, wanted)
    elif wanted.name == "json" and given.name != "json":
        return call("to_json", node.this)
    return node


def _subscript(node: exp.Bracket, base: Type) -> exp.Expression:
    index = apply_index_offset(node.this, node.expressions, 1, dialect=TrinoOnly)[0]
    names = {"array": "cdp_subscript", "map": "cdp_value"}
    return call(names[base.name], node.this, index) if base.name in names else node
