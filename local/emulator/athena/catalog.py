"""Gives DuckDB what a query reads: Iceberg tables, views and Hive tables of the Glue catalog."""

import base64
import json
import re
from typing import Any

from duckdb import DuckDBPyConnection
from ministack.services import athena, glue
from sqlglot import exp

from emulator.athena import information_schema
from emulator.athena.grammar.statements import INFORMATION, QueryFailed, TableName, parse, qualify_tables
from emulator.athena.query_check import check
from emulator.athena.translation.to_duckdb import to_duckdb
from emulator.athena.types.query_types import Outputs
from emulator.athena.view_columns import check_view
from emulator.athena.visible_tables import may_see
from emulator.iam.credentials import Credentials

_VIEW = re.compile(r"/\* Presto View: (\S+) \*/")


class Catalog:
    """The Glue catalog as one caller sees it; directories in `scratch` are for the user of this class to remove."""

    def __init__(self, connection: DuckDBPyConnection, caller: Credentials, scratch: list[str]) -> None:
        self._connection = connection
        self._caller = caller
        self._scratch = scratch
        self._columns: dict[TableName, dict[str, exp.DataType]] = {}

    def provide(self, query: exp.Query, database: str) -> tuple[exp.Query, Outputs]:
        """Makes the tables of a query known to DuckDB, and checks the query against them. @raises QueryFailed"""
        names = qualify_tables(query, database)
        for name in names:
            if name not in self._columns:
                self._columns[name] = {}
                self._provide_table(name)
        return check(query, {name: self._columns[name] for name in names})

    def _provide_table(self, name: TableName) -> None:
        if name.database == INFORMATION and information_schema.provide(self._connection, self._caller, name.table):
            self._columns[name] = self._described(name)
            return
        if not may_see(self._caller, name.database, name.table):
            raise QueryFailed(
                "Insufficient permissions to execute the query. "
                f"glue:GetTable on {name.database}/{name.table} is not allowed"
            )
        table = glue._tables.get(f"{name.database}/{name.table}")
        if table is None:
            raise QueryFailed(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{name.database}.{name.table}' does not exist")
        rows = self._rows_of(table)
        self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(name.database)}")
        relation = f"{_quoted(name.database)}.{_quoted(name.table)}"
        self._connection.execute(f"CREATE VIEW {relation} AS {rows}")
        self._columns[name] = self._described(name)

    def _described(self, name: TableName) -> dict[str, exp.DataType]:
        described = self._connection.execute(f"DESCRIBE {_quoted(name.database)}.{_quoted(name.table)}").fetchall()
        return {column.lower(): exp.DataType.build(kind, dialect="duckdb") for column, kind, *_ in described}

    def _rows_of(self, table: dict[str, Any]) -> str:
        parameters = table.get("Parameters") or {}
        if table.get("TableType") == "VIRTUAL_VIEW":
            return self._rows_of_view(table)
        if parameters.get("table_type", "").upper() == "ICEBERG":
            return f"SELECT * FROM iceberg_scan({_literal(parameters['metadata_location'])})"
        location = (table.get("StorageDescriptor") or {}).get("Location")
        files = athena._materialize_table_files(location, self._scratch) if location else []
        relation = athena._table_relation(table, files) if files else athena._empty_relation(table)
        return f"SELECT * FROM {relation}"

    def _rows_of_view(self, table: dict[str, Any]) -> str:
        encoded = _VIEW.search(table.get("ViewOriginalText") or "")
        if encoded is None:
            raise QueryFailed(f"INVALID_VIEW: View '{table['DatabaseName']}.{table['Name']}' was not made by Athena")
        view = json.loads(base64.b64decode(encoded[1]))
        query, outputs = self.provide(parse(view["originalSql"]), view.get("schema") or table["DatabaseName"])
        check_view(f"{table['DatabaseName']}.{table['Name']}", view.get("columns"), outputs)
        return to_duckdb(query)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
