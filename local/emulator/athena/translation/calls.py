"""Rewrites calls of functions that DuckDB answers differently or lacks."""

import re
from collections.abc import Callable

from sqlglot import exp

from emulator.athena.grammar.statements import not_supported
from emulator.athena.translation.arithmetic import decimal_quotient, divided
from emulator.athena.translation.expressions import as_type, call, instant, meet, numbered
from emulator.athena.translation.intervals import as_interval
from emulator.athena.translation.java_format import formatted
from emulator.athena.types.trino_types import DATE, KindOf, Type, zone_of

_DATES = ("date_add", "date_trunc", "last_day_of_month", "date")
_MEETING = ("coalesce", "nullif", "greatest", "least", "date_diff")
_FAILING = ("cdp_quotient", "cdp_rest", "cdp_decimal_quotient", "cdp_text", "cdp_subscript", "cdp_value")


def rewritten_call(node: exp.Anonymous, kind_of: KindOf) -> exp.Expression:
    """The call in other words, or as it is."""
    name, kind = node.name.lower(), kind_of(node)
    given = [kind_of(part) for part in node.expressions]
    if name in _MEETING:
        meet([part for part in node.expressions if not (name == "date_diff" and part is node.expressions[0])], kind_of)
    match name:
        case "format":
            return formatted(node, given)
        case "try":
            return _tried(node)
        case "mod" if len(given) == 2 and all(given):
            return divided(
                numbered(exp.Mod(this=node.expressions[0].copy(), expression=node.expressions[1].copy()), node), kind_of
            )
        case "cardinality" if given and given[0] and given[0].name == "map":
            return call("cdp_entries", *node.expressions)
        case "json_extract" | "json_extract_scalar" if len(given) == 2:
            return _looked_into(node, name, given[0])
        case "regexp_replace" if len(given) == 3 and node.expressions[2].is_string:
            node.expressions[2].set("this", re.sub(r"\$(\d)", r"\\\1", node.expressions[2].name))
        case "from_unixtime" if len(given) > 1:
            raise not_supported("has from_unixtime without a zone, and at_timezone; with one it works on AWS")
        case "sequence" if kind and kind.parts[0] == DATE:
            step = node.expressions[2:] or [
                as_interval(exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY")))
            ]
            return exp.Cast(this=call("sequence", *node.expressions[:2], *step), to=exp.DataType.build("ARRAY<DATE>"))
        case "approx_distinct" if given:
            return exp.Anonymous(this="count", expressions=[exp.Distinct(expressions=[node.expressions[0].copy()])])
        case "reduce" if len(given) == 4:
            reduced = exp.Anonymous(this="reduce", expressions=[each.copy() for each in node.expressions[:3]])
            return call(
                "element_at",
                call("transform", exp.Array(expressions=[reduced]), node.expressions[3]),
                exp.Literal.number(1),
            )
        case "to_unixtime" | "to_iso8601" if given and zone_of(given[0]):
            node.expressions[0].replace(instant(node.expressions[0], given[0]))
        case "typeof" if given and given[0]:
            return exp.Literal.string(str(given[0]).replace(", ", ","))
        case "avg" if given and given[0] and given[0].name == "decimal":
            total, count = (
                _around(
                    node, lambda call_, made=made: exp.Anonymous(this=made, expressions=[call_.expressions[0].copy()])
                )
                for made in ("sum", "count")
            )
            return _outermost(
                node,
                decimal_quotient(
                    as_type(total, Type("decimal", (38, given[0].parts[1]))),
                    as_type(count, Type("decimal", (19, 0))),
                    (given[0].parts[1], 0),
                    given[0],
                ),
            )
        case "approx_percentile" if len(node.expressions) == 2:
            values = _around(
                node, lambda call_: exp.Anonymous(this="array_agg", expressions=[call_.expressions[0].copy()])
            )
            several = given[1] is not None and given[1].name == "array"
            return _outermost(
                node, call("cdp_percentiles" if several else "cdp_percentile", values, node.expressions[1])
            )
        case _ if name in _DATES and kind and kind.name == "date":
            return as_type(node.copy(), kind)
    return node


def _looked_into(node: exp.Anonymous, name: str, kind: Type | None) -> exp.Expression:
    """A text that is no JSON is null, and so is an object or a list where one value is wanted."""
    text, path = node.expressions
    read = text if kind and kind.name == "json" else call("cdp_json", text)
    found = call(name, read, path)
    if name == "json_extract":
        return found
    return exp.Case(ifs=[exp.If(this=call("cdp_is_one_value", call("json_extract", read, path)), true=found)])


def _tried(node: exp.Anonymous) -> exp.Expression:
    """What would fail gives null."""
    for part in reversed(list(node.walk())):
        if isinstance(part, exp.Anonymous) and part.name in _FAILING:
            part.set("this", f"{part.name}_or_null")
            part.set("expressions", part.expressions[:2] if part.name.startswith("cdp_text") else part.expressions)
        elif type(part) is exp.Cast:
            part.replace(exp.TryCast(this=part.this.copy(), to=part.args["to"].copy()))
    return node


def _wrappers(node: exp.Expression) -> exp.Expression:
    while isinstance(node.parent, (exp.Filter, exp.Window)) and node.parent.this is node:
        node = node.parent
    return node


def _around(node: exp.Expression, made: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    """What stands around an aggregate (FILTER, OVER) around another."""
    outer = _wrappers(node).copy()
    inner = outer
    while isinstance(inner, (exp.Filter, exp.Window)):
        inner = inner.this
    replaced = made(inner)
    if inner is outer:
        return replaced
    inner.replace(replaced)
    return outer


def _outermost(node: exp.Expression, made: exp.Expression) -> exp.Expression:
    """Puts an expression in the place of an aggregate with all that stands around it."""
    outer = _wrappers(node)
    if outer is node:
        return made
    made.meta["part"] = outer.meta.get("part", -1)
    outer.replace(made)
    return node
