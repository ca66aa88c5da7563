"""A query that says the same to DuckDB: where it would answer otherwise, or with another type, by the types of its parts."""

import re
from collections.abc import Callable
from decimal import Decimal

from sqlglot import exp
from sqlglot.dialects.dialect import apply_index_offset

from emulator.athena_arithmetic import decimal_result
from emulator.athena_format import formatted
from emulator.athena_intervals import as_interval
from emulator.athena_rules import COMPARISONS
from emulator.athena_sql import QueryFailed
from emulator.athena_syntax import TrinoOnly
from emulator.athena_text_casts import cast_from_text, cast_to_text
from emulator.athena_types import DATE, DAYS, DOUBLE, MONTHS, NUMBERS, TIMES, WHOLE, Type, as_decimal, common, in_duckdb, zone_of
from emulator.athena_unnest import unnested

KindOf = Callable[[exp.Expression], Type | None]
_PLAIN = (exp.Column, exp.Literal, exp.Star, exp.Dot, exp.Null, exp.Boolean)
_DATES = ("date_add", "date_trunc", "last_day_of_month", "date")
# Intervals come out as numbers, which are then written as Trino writes them.
_EXTRACTED = {"DOW": "day_of_week", "DAY_OF_WEEK": "day_of_week", "YOW": "year_of_week", "YEAR_OF_WEEK": "year_of_week", "DOY": "day_of_year", "DAY_OF_YEAR": "day_of_year"}
_FAILING = ("cdp_quotient", "cdp_rest", "cdp_decimal_quotient", "cdp_text", "cdp_subscript", "cdp_value")
_COUNTED = {MONTHS: "cdp_month_count", DAYS: "cdp_millisecond_count"}
_MEETING = ("coalesce", "nullif", "greatest", "least", "date_diff")


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
            return _divided(node, kind_of)
        case exp.Add() | exp.Sub():
            return _added(node, kind_of)
        case exp.Cast():
            return _cast(node, kind_of)
        case exp.Interval():
            return as_interval(node)
        case exp.Extract() if node.name.upper() in _EXTRACTED:
            return call(_EXTRACTED[node.name.upper()], node.expression)
        case exp.Bracket() if kind_of(node.this):
            return _subscript(node, kind_of(node.this))
        case exp.Anonymous():
            return _function(node, kind_of)
        case exp.Between():
            _meet([node.this, node.args["low"], node.args["high"]], kind_of)
        case exp.In() if node.expressions:
            _meet([node.this, *node.expressions], kind_of)
        case exp.Case():
            _meet([*(branch.args["true"] for branch in node.args["ifs"]), *([node.args["default"]] if node.args.get("default") else [])], kind_of)
        case exp.If() if node.args.get("false") and not isinstance(node.parent, exp.Case):
            _meet([node.args["true"], node.args["false"]], kind_of)
        case exp.Unnest():
            return unnested(node, kind_of)
        case _ if type(node) in COMPARISONS:
            _meet([node.left, node.right], kind_of)
    return node


def _cast_outputs(select: exp.Select, kind_of: KindOf) -> None:
    for column in select.expressions:
        inner, kind = column.unalias(), kind_of(column)
        if kind in _COUNTED and _comes_out(select):
            inner.replace(call(_COUNTED[kind], inner))
        if kind and not isinstance(inner, _PLAIN) and (kind.name in NUMBERS or kind.name in TIMES):
            inner.replace(_as(inner.copy(), kind))


def _comes_out(select: exp.Select) -> bool:
    """Whether its columns are the answer's."""
    outer = select.parent
    while isinstance(outer, exp.SetOperation):
        outer = outer.parent
    return outer is None


def _as(node: exp.Expression, kind: Type) -> exp.Expression:
    made = exp.Cast(this=node, to=exp.DataType.build(in_duckdb(kind), dialect="duckdb"))
    made.meta["part"] = node.meta.get("part", -1)
    return made


def call(name: str, *given: exp.Expression) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[each.copy() for each in given])


def _meet(parts: list[exp.Expression], kind_of: KindOf) -> None:
    """Gives times of several kinds the one that Trino takes them for."""
    kinds = [kind_of(part) for part in parts]
    if None in kinds or not {kind.name for kind in kinds} <= {*TIMES, "unknown"} or len({(kind.name, zone_of(kind)) for kind in kinds}) < 2:
        return
    met = kinds[0]
    for kind in kinds[1:]:
        met = common(met, kind)
    for part, kind in zip(parts, kinds, strict=True):
        if zone_of(kind):
            part.replace(_instant(part, kind))
        elif kind.name not in (met.name, "unknown"):
            part.replace(_as(part.copy(), met))


def _instant(part: exp.Expression, kind: Type) -> exp.Expression:
    return exp.AtTimeZone(this=exp.Paren(this=part.copy()), zone=exp.Literal.string(zone_of(kind)))


def _divided(node: exp.Binary, kind_of: KindOf) -> exp.Expression:
    kind, (one, other) = kind_of(node), (kind_of(node.left), kind_of(node.right))
    if kind is None or one is None or other is None:
        return node
    rest = isinstance(node, exp.Mod)
    left, right = node.left.unnest(), node.right.unnest()
    if kind.name in WHOLE:
        return _as(call("cdp_rest" if rest else "cdp_quotient", left, right), kind)
    if kind.name == "decimal":
        (p, s), (q, t) = (each.parts for each in map(as_decimal, (one, other)))
        if rest:
            return _as(call("cdp_rest", _as(left.copy(), as_decimal(one)), _as(right.copy(), as_decimal(other))), kind)
        return decimal_quotient(_as(left.copy(), as_decimal(one)), _as(right.copy(), as_decimal(other)), (s, t), kind)
    if kind.name in ("double", "real") and not rest:
        return call("cdp_double_quotient", _as(left.copy(), DOUBLE), _as(right.copy(), DOUBLE))
    return node


def decimal_quotient(one: exp.Expression, other: exp.Expression, scales: tuple[int, int], kind: Type) -> exp.Expression:
    scale = kind.parts[1]
    shift, unit = exp.Literal.number(10 ** (scale - scales[0] + scales[1])), exp.Literal.number(f"{Decimal(1).scaleb(-scale):f}")
    return _as(call("cdp_decimal_quotient", one, other, shift, unit), kind)


def _added(node: exp.Binary, kind_of: KindOf) -> exp.Expression:
    kind, one, other = kind_of(node), kind_of(node.left), kind_of(node.right)
    if kind is None or one is None or other is None:
        return node
    if kind.name == "decimal":
        wide = decimal_result("+", as_decimal(one), as_decimal(other))
        node.left.replace(_as(node.left.copy(), wide))
        node.right.replace(_as(node.right.copy(), wide))
    elif kind.name == "date":
        return _as(exp.Paren(this=node.copy()), kind)
    elif kind.name.startswith("interval") and one.name in TIMES:
        _meet([node.left, node.right], kind_of)
        return call("cdp_days", node) if one.name == other.name == "date" else node
    return node


def _cast(node: exp.Cast, kind_of: KindOf) -> exp.Expression:
    given, wanted = kind_of(node.this), kind_of(node)
    if given is None or wanted is None:
        return node
    if given.name in ("double", "real") and wanted.name in WHOLE:
        node.this.replace(call("round", node.this))
    elif given.name in ("varchar", "char") and not (node.this.is_string and wanted.name == "decimal"):
        return cast_from_text(node, wanted)
    elif wanted.name in ("varchar", "char") and given in _COUNTED:
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena does not write intervals as texts; AWS does")
    elif wanted.name in ("varchar", "char"):
        return cast_to_text(node, given, wanted)
    elif wanted.name == "json" and given.name != "json":
        return call("to_json", node.this)
    return node


def _subscript(node: exp.Bracket, base: Type) -> exp.Expression:
    index = apply_index_offset(node.this, node.expressions, 1, dialect=TrinoOnly)[0]
    names = {"array": "cdp_subscript", "map": "cdp_value"}
    return call(names[base.name], node.this, index) if base.name in names else node


def _numbered(made: exp.Expression, node: exp.Expression) -> exp.Expression:
    made.meta["part"] = node.meta.get("part", -1)
    return made


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


def _function(node: exp.Anonymous, kind_of: KindOf) -> exp.Expression:
    name, kind = node.name.lower(), kind_of(node)
    given = [kind_of(part) for part in node.expressions]
    if name in _MEETING:
        _meet([part for part in node.expressions if not (name == "date_diff" and part is node.expressions[0])], kind_of)
    match name:
        case "format":
            return formatted(node, given)
        case "try":
            return _tried(node)
        case "mod" if len(given) == 2 and all(given):
            return _divided(_numbered(exp.Mod(this=node.expressions[0].copy(), expression=node.expressions[1].copy()), node), kind_of)
        case "cardinality" if given and given[0] and given[0].name == "map":
            return call("cdp_entries", *node.expressions)
        case "json_extract" | "json_extract_scalar" if len(given) == 2:
            return _looked_into(node, name, given[0])
        case "regexp_replace" if len(given) == 3 and node.expressions[2].is_string:
            node.expressions[2].set("this", re.sub(r"\$(\d)", r"\\\1", node.expressions[2].name))
        case "from_unixtime" if len(given) > 1:
            raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena has from_unixtime without a zone, and at_timezone; with one it works on AWS")
        case "sequence" if kind and kind.parts[0] == DATE:
            step = node.expressions[2:] or [as_interval(exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY")))]
            return exp.Cast(this=call("sequence", *node.expressions[:2], *step), to=exp.DataType.build("ARRAY<DATE>"))
        case "approx_distinct" if given:
            return exp.Anonymous(this="count", expressions=[exp.Distinct(expressions=[node.expressions[0].copy()])])
        case "reduce" if len(given) == 4:
            reduced = exp.Anonymous(this="reduce", expressions=[each.copy() for each in node.expressions[:3]])
            return call("element_at", call("transform", exp.Array(expressions=[reduced]), node.expressions[3]), exp.Literal.number(1))
        case "to_unixtime" | "to_iso8601" if given and zone_of(given[0]):
            node.expressions[0].replace(_instant(node.expressions[0], given[0]))
        case "typeof" if given and given[0]:
            return exp.Literal.string(str(given[0]).replace(", ", ","))
        case "avg" if given and given[0] and given[0].name == "decimal":
            total, count = (_around(node, lambda call_, made=made: exp.Anonymous(this=made, expressions=[call_.expressions[0].copy()])) for made in ("sum", "count"))
            return _outermost(node, decimal_quotient(_as(total, Type("decimal", (38, given[0].parts[1]))), _as(count, Type("decimal", (19, 0))), (given[0].parts[1], 0), given[0]))
        case "approx_percentile" if len(node.expressions) == 2:
            values = _around(node, lambda call_: exp.Anonymous(this="array_agg", expressions=[call_.expressions[0].copy()]))
            several = given[1] is not None and given[1].name == "array"
            return _outermost(node, call("cdp_percentiles" if several else "cdp_percentile", values, node.expressions[1]))
        case _ if name in _DATES and kind and kind.name == "date":
            return _as(node.copy(), kind)
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
