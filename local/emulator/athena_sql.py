"""Athena's SQL in DuckDB's words."""

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError
from sqlglot.optimizer.scope import traverse_scope

from emulator.athena_functions import is_function
from emulator.athena_syntax import TrinoOnly, check_tokens, check_tree

# Macros cannot make rows.
_SPREAD = {"cdp_unnest": "UNNEST", "cdp_places": "generate_subscripts"}
# DuckDB has a schema of the other name itself.
INFORMATION = "information_schema of athena"
_CATALOGS = ("", "awsdatacatalog")


class QueryFailed(Exception):
    """Its text becomes the reason that a failed query gives."""


@dataclass(frozen=True)
class TableName:
    """A table or view of the Glue catalog, both names in lower case as Athena looks them up."""

    database: str
    table: str


def parse(sql: str) -> exp.Query:
    """Reads one query. @raises QueryFailed for anything else"""
    try:
        check_tokens(sql)
        statements = [statement for statement in sqlglot.parse(sql, read=TrinoOnly) if statement is not None]
    except SqlglotError as error:
        raise QueryFailed(f"SYNTAX_ERROR: {_where(error)}") from error
    if len(statements) != 1:
        raise QueryFailed(f"SYNTAX_ERROR: one statement is wanted, {len(statements)} were given")
    query = statements[0]
    if not isinstance(query, exp.Query):
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena takes SELECT, SHOW, DESCRIBE, CREATE EXTERNAL TABLE and DROP TABLE; Spark writes Iceberg tables")
    if foreign := check_tree(query):
        raise QueryFailed(f"SYNTAX_ERROR: {foreign}")
    for function in query.find_all(exp.Anonymous):
        if not is_function(function.name):
            raise QueryFailed(f"FUNCTION_NOT_FOUND: {_place(function)}Function '{function.name.lower()}' not registered")
    if query.find(exp.JSONExtract, exp.JSONValue) or any(each.name.lower() == "json_exists" for each in query.find_all(exp.Anonymous)):
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena has no json_value, json_query and json_exists, which work on AWS; json_extract_scalar works in both")
    if query.find(exp.Version):
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena reads tables as they are now; FOR TIMESTAMP AS OF and FOR VERSION AS OF work on AWS")
    return query


def qualify_tables(query: exp.Query, database: str) -> list[TableName]:
    """The tables that a query reads, without names of its own WITH; each is given its database in the query."""
    names = []
    for scope in traverse_scope(query):
        for table in scope.tables:
            if not table.name or (not table.db and table.name in scope.cte_sources):
                continue
            if table.catalog.lower() not in _CATALOGS:
                raise QueryFailed(f"CATALOG_NOT_FOUND: Catalog '{table.catalog}' does not exist; the local emulator has AwsDataCatalog")
            schema = (table.db or database).lower()
            name = TableName(INFORMATION if schema == "information_schema" else schema, table.name.lower())
            table.set("catalog", None)
            table.set("db", exp.to_identifier(name.database, quoted=True))
            names.append(name)
    return list(dict.fromkeys(names))


def column_not_found(column: str, place: str = "") -> str:
    """What Athena says of a column that no table has."""
    return f"COLUMN_NOT_FOUND: {place}Column '{column}' cannot be resolved or requester is not authorized to access requested resources"


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
        raise QueryFailed(f"NOT_SUPPORTED: the local emulator's Athena cannot do this, which works on AWS: {error}") from error


def _meaning_the_same(node: exp.Expression) -> exp.Expression:
    """What the translation leaves with another meaning, or with none."""
    if isinstance(node, exp.DateDiff):
        # Athena counts whole units between two times; DuckDB's function of that name counts the boundaries between them.
        return exp.Anonymous(this="DATE_SUB", expressions=[exp.Literal.string(node.text("unit") or "day"), node.expression, node.this])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "at_timezone":
        return exp.AtTimeZone(this=node.expressions[0], zone=node.expressions[1])
    if isinstance(node, exp.Struct):
        return exp.Anonymous(this="ROW", expressions=[each.expression if isinstance(each, exp.PropertyEQ) else each for each in node.expressions])
    if isinstance(node, (exp.CurrentUser, exp.CurrentCatalog, exp.CurrentVersion)):
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena has no users, catalogs or versions to tell of; AWS has")
    if isinstance(node, exp.Anonymous) and node.name.lower() in _SPREAD:
        if node.name.lower() == "cdp_places":
            node.append("expressions", exp.Literal.number(1))
        # In its place, so that what it is given is looked at, too.
        node.set("this", _SPREAD[node.name.lower()])
    return node


def _place(node: exp.Expression) -> str:
    return f"line {node.meta['line']}:{node.meta['col']}: " if "line" in node.meta else ""


def _where(error: Any) -> str:
    """One line of a parser's message, with the place as Athena gives it."""
    details = getattr(error, "errors", None)
    if not details:
        return str(error).splitlines()[0]
    first = details[0]
    return f"line {first['line']}:{first['col']}: {first['description']}"
