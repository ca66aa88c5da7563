"""`information_schema`: what a caller may see of the catalog, as tables."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlparse

from duckdb import DuckDBPyConnection
from ministack.services import glue

from emulator.athena.grammar.statements import INFORMATION
from emulator.athena.visible_tables import may_see
from emulator.iam.credentials import Credentials

CATALOG = "awsdatacatalog"
_TEXT = "VARCHAR"
_PLACE = {"table_catalog": _TEXT, "table_schema": _TEXT, "table_name": _TEXT}
_HIVE = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary", "timestamp": "timestamp(3)"}
_ICEBERG = {
    "string": "varchar",
    "int": "integer",
    "long": "bigint",
    "float": "real",
    "binary": "varbinary",
    "timestamp": "timestamp(6)",
} | {
    "timestamptz": "timestamp(6) with time zone",
    "time": "time(6)",
}

Row = tuple[Any, ...]


def provide(connection: DuckDBPyConnection, caller: Credentials, table: str) -> bool:
    """Makes one table of `information_schema`; False for a name that none has."""
    known = _TABLES.get(table)
    if known is None:
        return False
    columns, rows = known
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{INFORMATION}"')
    connection.execute(
        f'CREATE TABLE "{INFORMATION}"."{table}" ({", ".join(f"{name} {kind}" for name, kind in columns.items())})'
    )
    for row in rows(caller):
        connection.execute(f'INSERT INTO "{INFORMATION}"."{table}" VALUES ({", ".join("?" * len(columns))})', row)
    return True


def _seen(caller: Credentials) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for key, table in sorted(glue._tables.items()):
        database, _, name = key.partition("/")
        if may_see(caller, database, name):
            yield database, name, table


def _schemata(caller: Credentials) -> Iterator[Row]:
    return ((CATALOG, name) for name in sorted({*glue._databases, "information_schema"}))


def _tables(caller: Credentials) -> Iterator[Row]:
    return (
        (CATALOG, database, name, "VIEW" if _is_view(table) else "BASE TABLE")
        for database, name, table in _seen(caller)
    )


def _views(caller: Credentials) -> Iterator[Row]:
    return (
        (CATALOG, database, name, table.get("ViewOriginalText"))
        for database, name, table in _seen(caller)
        if _is_view(table)
    )


def _columns(caller: Credentials) -> Iterator[Row]:
    for database, name, table in _seen(caller):
        for place, (column, kind) in enumerate(_columns_of(table, caller), start=1):
            yield (CATALOG, database, name, column, place, None, "YES", kind)


def _columns_of(table: dict[str, Any], caller: Credentials) -> list[tuple[str, str]]:
    metadata = (table.get("Parameters") or {}).get("metadata_location")
    if metadata:
        place = urlparse(metadata)
        told = json.loads(
            caller.client("s3").get_object(Bucket=place.netloc, Key=place.path.lstrip("/"))["Body"].read()
        )
        schema = next(each for each in told["schemas"] if each["schema-id"] == told["current-schema-id"])
        return [(field["name"], _iceberg(field["type"])) for field in schema["fields"]]
    listed = [*((table.get("StorageDescriptor") or {}).get("Columns") or []), *(table.get("PartitionKeys") or [])]
    return [(column["Name"], _HIVE.get(column["Type"], column["Type"])) for column in listed]


def _iceberg(kind: str | dict[str, Any]) -> str:
    if isinstance(kind, str):
        return _ICEBERG.get(kind, kind.replace(", ", ","))
    match kind["type"]:
        case "list":
            return f"array({_iceberg(kind['element'])})"
        case "map":
            return f"map({_iceberg(kind['key'])}, {_iceberg(kind['value'])})"
    fields = ", ".join(f"{field['name']} {_iceberg(field['type'])}" for field in kind["fields"])
    return f"row({fields})"


def _is_view(table: dict[str, Any]) -> bool:
    return table.get("TableType") == "VIRTUAL_VIEW"


_TABLES: dict[str, tuple[dict[str, str], Callable[[Credentials], Iterator[Row]]]] = {
    "schemata": ({"catalog_name": _TEXT, "schema_name": _TEXT}, _schemata),
    "tables": ({**_PLACE, "table_type": _TEXT}, _tables),
    "views": ({**_PLACE, "view_definition": _TEXT}, _views),
    "columns": (
        {
            **_PLACE,
            "column_name": _TEXT,
            "ordinal_position": "BIGINT",
            "column_default": _TEXT,
            "is_nullable": _TEXT,
            "data_type": _TEXT,
        },
        _columns,
    ),
}
