"""One statement of Athena's SQL: parsed, or refused with Athena's words, and the tables that it reads."""

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from emulator.athena.grammar.dialect import TrinoOnly
from emulator.athena.grammar.function_list import is_function
from emulator.athena.grammar.token_checks import check_tokens
from emulator.athena.grammar.tree_checks import check_tree

# DuckDB has a schema of the other name itself.
INFORMATION = "information_schema of athena"
_CATALOGS = ("", "awsdatacatalog")


class QueryFailed(Exception):
    """Its text becomes the reason that a failed query gives."""


def not_supported(what: str) -> QueryFailed:
    """The failure of what works on AWS and not here; the text says what this Athena does instead."""
    return QueryFailed(f"NOT_SUPPORTED: the local emulator's Athena {what}")


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
        raise not_supported(
            "takes SELECT, SHOW, DESCRIBE, CREATE EXTERNAL TABLE and DROP TABLE; Spark writes Iceberg tables"
        )
    if foreign := check_tree(query):
        raise QueryFailed(f"SYNTAX_ERROR: {foreign}")
    for function in query.find_all(exp.Anonymous):
        if not is_function(function.name):
            raise QueryFailed(
                f"FUNCTION_NOT_FOUND: {_place(function)}Function '{function.name.lower()}' not registered"
            )
    if query.find(exp.JSONExtract, exp.JSONValue) or any(
        each.name.lower() == "json_exists" for each in query.find_all(exp.Anonymous)
    ):
        raise not_supported(
            "has no json_value, json_query and json_exists, which work on AWS; json_extract_scalar works in both"
        )
    if query.find(exp.Version):
        raise not_supported("reads tables as they are now; FOR TIMESTAMP AS OF and FOR VERSION AS OF work on AWS")
    return query


def qualify_tables(query: exp.Query, database: str) -> list[TableName]:
    """The tables that a query reads, without names of its own WITH; each is given its database in the query."""
    names = []
    for scope in traverse_scope(query):
        for table in scope.tables:
            if not table.name or (not table.db and table.name in scope.cte_sources):
                continue
            if table.catalog.lower() not in _CATALOGS:
                raise QueryFailed(
                    f"CATALOG_NOT_FOUND: Catalog '{table.catalog}' does not exist; "
                    "the local emulator has AwsDataCatalog"
                )
            schema = (table.db or database).lower()
            name = TableName(INFORMATION if schema == "information_schema" else schema, table.name.lower())
            table.set("catalog", None)
            table.set("db", exp.to_identifier(name.database, quoted=True))
            names.append(name)
    return list(dict.fromkeys(names))


def column_not_found(column: str, place: str = "") -> str:
    """What Athena says of a column that no table has."""
    return f"COLUMN_NOT_FOUND: {place}{unresolved(column)}"


def unresolved(column: str) -> str:
    """Athena's words for a column that no table has, or that the caller may not see."""
    return f"Column '{column}' cannot be resolved or requester is not authorized to access requested resources"


def _place(node: exp.Expression) -> str:
    return f"line {node.meta['line']}:{node.meta['col']}: " if "line" in node.meta else ""


def _where(error: Any) -> str:
    """One line of a parser's message, with the place as Athena gives it."""
    details = getattr(error, "errors", None)
    if not details:
        return str(error).splitlines()[0]
    first = details[0]
    return f"line {first['line']}:{first['col']}: {first['description']}"
