"""Runs one query in a DuckDB of its own, which reads S3 through this very emulator with the caller's credentials."""

import importlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from ministack.core.responses import get_region

from emulator.caller import Caller, endpoint
from emulator.athena_catalog import Catalog
from emulator.athena_sql import QueryFailed, column_not_found, parse, to_duckdb

_SETTINGS = {
    "TimeZone": "'UTC'",
    # Athena divides integers to an integer.
    "integer_division": "true",
    "memory_limit": "'1GB'",
    "enable_profiling": "'no_output'",
    "custom_profiling_settings": """'{"TOTAL_BYTES_READ": "true"}'""",
}
# Functions of Athena that DuckDB has under another name, and that the translation leaves as they are.
_MACROS = ("every(condition) AS bool_and(condition)", "map_agg(key, value) AS map(list(key), list(value))")


@dataclass(frozen=True)
class Answer:
    """The columns with DuckDB's types, the rows, how many bytes were read from S3 for them, and whether the columns' names come before them."""

    columns: list[tuple[str, str]]
    rows: list[tuple[Any, ...]]
    scanned: int
    header: bool = True


def run(sql: str, database: str, caller: Caller, running: Callable[[Callable[[], None]], None]) -> Answer:
    """Answers a query; `running` is given what stops it. @raises QueryFailed"""
    query = parse(sql)
    scratch: list[str] = [tempfile.mkdtemp(prefix="athena-")]
    try:
        with _connect(caller, scratch[0]) as connection:
            running(connection.interrupt)
            Catalog(connection, caller, scratch).provide(query, database)
            result = connection.execute(to_duckdb(query))
            columns = [(name, str(kind)) for name, kind, *_ in result.description]
            return Answer(columns, result.fetchall(), _bytes_read(connection))
    except duckdb.Error as error:
        raise QueryFailed(_reason(error)) from error
    finally:
        for directory in scratch:
            shutil.rmtree(directory, ignore_errors=True)


def _connect(caller: Caller, spill: str) -> duckdb.DuckDBPyConnection:
    # What was installed is not checked at each query, which would take longer than most queries.
    connection = duckdb.connect(":memory:", config={"temp_directory": spill, "allow_unsigned_extensions": "true"})
    for extension in ("httpfs", "avro", "iceberg"):
        connection.execute(f"LOAD '{_extension_file(extension)}'")
    for name, value in _SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    for macro in _MACROS:
        connection.execute(f"CREATE MACRO {macro}")
    token = f", SESSION_TOKEN '{caller.token}'" if caller.token else ""
    connection.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{caller.access_key}', SECRET '{caller.secret_key}'{token}, "
        f"ENDPOINT '{endpoint()}', URL_STYLE 'path', USE_SSL false, REGION '{get_region()}')"
    )
    return connection


@cache
def _extension_file(name: str) -> str:
    """The file that the package of an extension brings; nothing is downloaded."""
    package = Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
    return str(next(package.rglob("*.duckdb_extension")))


def _bytes_read(connection: duckdb.DuckDBPyConnection) -> int:
    return int(json.loads(connection.get_profiling_information("json")).get("total_bytes_read", 0))


def _reason(error: duckdb.Error) -> str:
    """DuckDB's message with the name that Athena has for such errors."""
    text = re.sub(r"\s*\n[\s\S]*|^\w+( \w+)* Error: ", "", str(error)).strip()
    if missing := re.search(r'Referenced column "([^"]+)" not found', text):
        return column_not_found(missing[1])
    if re.search(r"\b403\b|Forbidden", str(error)):
        return f"PERMISSION_DENIED: Access denied on S3: {text}"
    names = {
        duckdb.CatalogException: "FUNCTION_NOT_FOUND" if "Function" in text else "SYNTAX_ERROR",
        duckdb.BinderException: "SYNTAX_ERROR",
        duckdb.ParserException: "SYNTAX_ERROR",
        duckdb.ConversionException: "INVALID_CAST_ARGUMENT",
    }
    return f"{next((name for kind, name in names.items() if isinstance(error, kind)), 'GENERIC_INTERNAL_ERROR')}: {text}"
