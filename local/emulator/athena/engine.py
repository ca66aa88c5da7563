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
from sqlglot import exp

from emulator.athena.catalog import Catalog
from emulator.athena.grammar.statements import QueryFailed, column_not_found, not_supported, parse
from emulator.athena.translation.macros import provide
from emulator.athena.translation.to_duckdb import to_duckdb
from emulator.athena.types.query_types import Outputs
from emulator.athena.types.trino_types import Type
from emulator.athena.types.type_reading import type_of
from emulator.iam.credentials import Credentials, host

SETTINGS = {
    "TimeZone": "'UTC'",
    "memory_limit": "'1GB'",
    "enable_profiling": "'no_output'",
    "custom_profiling_settings": """'{"TOTAL_BYTES_READ": "true"}'""",
}


@dataclass(frozen=True)
class Answer:
    """Columns with Trino's types, rows, bytes read from S3, and whether the columns' names are the first row."""

    columns: list[tuple[str, Type | None]]
    rows: list[tuple[Any, ...]]
    scanned: int
    header: bool = True


def run(sql: str, database: str, caller: Credentials, running: Callable[[Callable[[], None]], None]) -> Answer:
    """Answers a query; `running` is given what stops it. @raises QueryFailed"""
    query = parse(sql)
    scratch: list[str] = [tempfile.mkdtemp(prefix="athena-")]
    try:
        with _connect(caller, scratch[0]) as connection:
            running(connection.interrupt)
            understood, outputs = Catalog(connection, caller, scratch).provide(query, database)
            return answered(connection, understood, outputs)
    except duckdb.Error as error:
        raise QueryFailed(reason(error)) from error
    finally:
        for directory in scratch:
            shutil.rmtree(directory, ignore_errors=True)


def answered(connection: duckdb.DuckDBPyConnection, query: exp.Query, outputs: Outputs) -> Answer:
    """Runs a checked query; a column without a known type gets DuckDB's."""
    result = connection.execute(to_duckdb(query))
    kinds = [kind for _name, kind in outputs] or [None] * len(result.description)
    columns = [
        (name, kind or type_of(exp.DataType.build(str(stored), dialect="duckdb")))
        for (name, stored, *_), kind in zip(result.description, kinds, strict=True)
    ]
    return Answer(columns, result.fetchall(), _bytes_read(connection))


def _connect(caller: Credentials, spill: str) -> duckdb.DuckDBPyConnection:
    # DuckDB would check the extensions' signatures at each query, which takes longer than most queries.
    connection = duckdb.connect(":memory:", config={"temp_directory": spill, "allow_unsigned_extensions": "true"})
    for extension in ("httpfs", "avro", "iceberg"):
        connection.execute(f"LOAD '{_extension_file(extension)}'")
    for name, value in SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    provide(connection)
    token = f", SESSION_TOKEN '{caller.token}'" if caller.token else ""
    connection.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{caller.access_key}', SECRET '{caller.secret_key}'{token}, "
        f"ENDPOINT '{host()}', URL_STYLE 'path', USE_SSL false, REGION '{get_region()}')"
    )
    return connection


@cache
def _extension_file(name: str) -> str:
    """The file that the package of an extension brings; nothing is downloaded."""
    package = Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
    return str(next(package.rglob("*.duckdb_extension")))


def _bytes_read(connection: duckdb.DuckDBPyConnection) -> int:
    return int(json.loads(connection.get_profiling_information("json")).get("total_bytes_read", 0))


def reason(error: duckdb.Error) -> str:
    """DuckDB's message with the name that Athena has for such errors."""
    text = re.sub(r"\s*\n[\s\S]*|^\w+( \w+)* Error: ", "", str(error)).strip()
    if missing := re.search(r'Referenced column "([^"]+)" not found', text):
        return column_not_found(missing[1])
    if known := re.search(
        r"\b((?:DIVISION_BY_ZERO|INVALID_CAST_ARGUMENT|INVALID_FUNCTION_ARGUMENT): [^\n]*)", str(error)
    ):
        return known[1]
    if missing := re.search(r"Function with name (\w+) does not exist", str(error)):
        return str(not_supported(f"does not have the function {missing[1].lower()}, which works on AWS"))
    if "cannot take" in text:
        return str(not_supported(f"has no NaN or infinity for this, which AWS has: {text}"))
    if re.search(r"\b403\b|Forbidden", str(error)):
        return f"PERMISSION_DENIED: Access denied on S3: {text}"
    names = {
        duckdb.CatalogException: "SYNTAX_ERROR",
        duckdb.BinderException: "SYNTAX_ERROR",
        duckdb.ParserException: "SYNTAX_ERROR",
        duckdb.ConversionException: "INVALID_CAST_ARGUMENT",
        duckdb.OutOfRangeException: "NUMERIC_VALUE_OUT_OF_RANGE",
    }
    return (
        f"{next((name for kind, name in names.items() if isinstance(error, kind)), 'GENERIC_INTERNAL_ERROR')}: {text}"
    )
