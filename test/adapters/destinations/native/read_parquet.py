"""Reads all Parquet files of a folder as one table, by DuckDB and by PyArrow, and writes what each read as JSON.

read_parquet.py <folder>
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.dataset
import pyarrow.parquet


def plain(value: Any) -> Any:
    """Times as milliseconds since 1970."""
    return round(value.timestamp() * 1000) if isinstance(value, datetime) else value


def by_duckdb(folder: str) -> dict[str, Any]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    found = connection.execute(f"SELECT *, filename FROM read_parquet('{folder}/*.parquet', filename = true, union_by_name = false) ORDER BY filename, file_row_number")
    names = [name for name, *_ in found.description]
    types = {name: str(kind) for name, kind, *_ in found.description}
    return {"types": types, "rows": [dict(zip(names, map(plain, row), strict=True)) for row in found.fetchall()]}


def by_pyarrow(folder: str) -> dict[str, Any]:
    files = sorted(Path(folder).glob("*.parquet"))
    schemas = {str(pyarrow.parquet.read_schema(file).remove_metadata()) for file in files}
    rows = [row for file in files for row in pyarrow.parquet.read_table(file).to_pylist()]
    return {"types": sorted(schemas), "rows": [{name: plain(value) for name, value in row.items()} for row in rows]}


print(json.dumps({"duckdb": by_duckdb(sys.argv[1]), "pyarrow": by_pyarrow(sys.argv[1])}))
