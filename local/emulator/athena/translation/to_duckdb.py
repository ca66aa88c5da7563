"""The text of a query for DuckDB."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, UnsupportedError

from emulator.athena.grammar.dialect import TrinoOnly
from emulator.athena.grammar.statements import not_supported

# Macros cannot make rows.
_SPREAD = {"cdp_unnest": "UNNEST", "cdp_places": "generate_subscripts"}


def to_duckdb(query: exp.Query) -> str:
    """The query for DuckDB, with the names that Athena gives to columns without one."""
    named = query.copy()
    for position, column in enumerate(named.selects):
        if not isinstance(column, (exp.Column, exp.Alias, exp.Dot)) and not column.is_star:
            column.replace(exp.alias_(column.copy(), f"_col{position}", quoted=True))
    known = sqlglot.parse_one(named.sql(dialect=TrinoOnly), read="trino")
    try:
        return known.transform(_meaning_the_same).sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:
        raise not_supported(f"cannot do this, which works on AWS: {error}") from error


def _meaning_the_same(node: exp.Expression) -> exp.Expression:
    """What the translation leaves with another meaning, or with none."""
    if isinstance(node, exp.DateDiff):
        # Athena counts whole units between two times; DuckDB's function of that name counts boundaries.
        return exp.Anonymous(
            this="DATE_SUB", expressions=[exp.Literal.string(node.text("unit") or "day"), node.expression, node.this]
        )
    if isinstance(node, exp.Anonymous) and node.name.lower() == "at_timezone":
        return exp.AtTimeZone(this=node.expressions[0], zone=node.expressions[1])
    if isinstance(node, exp.Struct):
        return exp.Anonymous(
            this="ROW",
            expressions=[each.expression if isinstance(each, exp.PropertyEQ) else each for each in node.expressions],
        )
    if isinstance(node, (exp.CurrentUser, exp.CurrentCatalog, exp.CurrentVersion)):
        raise not_supported("has no users, catalogs or versions to tell of; AWS has")
    if isinstance(node, exp.Anonymous) and node.name.lower() in _SPREAD:
        if node.name.lower() == "cdp_places":
            node.append("expressions", exp.Literal.number(1))
        # In its place, so that what it is given is looked at, too.
        node.set("this", _SPREAD[node.name.lower()])
    return node
