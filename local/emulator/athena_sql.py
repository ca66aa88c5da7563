"""Athena's SQL in DuckDB's words."""

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

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
        statements = [statement for statement in sqlglot.parse(sql, read="athena") if statement is not None]
    except SqlglotError as error:
        raise QueryFailed(f"SYNTAX_ERROR: {_where(error)}") from error
    if len(statements) != 1:
        raise QueryFailed(f"SYNTAX_ERROR: one statement is wanted, {len(statements)} were given")
    query = statements[0]
    if not isinstance(query, exp.Query):
        raise QueryFailed("NOT_SUPPORTED: the local emulator's Athena takes SELECT, SHOW, DESCRIBE, CREATE EXTERNAL TABLE and DROP TABLE; Spark writes Iceberg tables")
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
            name = TableName((table.db or database).lower(), table.name.lower())
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
    return named.transform(_meaning_the_same).sql(dialect="duckdb")


def _meaning_the_same(node: exp.Expression) -> exp.Expression:
    """What the translation leaves with another meaning, or with none."""
    if isinstance(node, exp.DateDiff):
        # Athena counts whole units between two times; DuckDB's function of that name counts the boundaries between them.
        return exp.Anonymous(this="DATE_SUB", expressions=[exp.Literal.string(node.text("unit") or "day"), node.expression, node.this])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "at_timezone":
        return exp.AtTimeZone(this=node.expressions[0], zone=node.expressions[1])
    return node


def _where(error: Any) -> str:
    """One line of a parser's message, with the place as Athena gives it."""
    details = getattr(error, "errors", None)
    if not details:
        return str(error).splitlines()[0]
    first = details[0]
    return f"line {first['line']}:{first['col']}: {first['description']}"
