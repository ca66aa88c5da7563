"""Results as Athena gives them: every value as text, in pages or as CSV."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from emulator.athena_engine import Answer

# By DuckDB's type: Athena's, with the precision that it reports.
_TYPES = {
    "BOOLEAN": ("boolean", 0),
    "TINYINT": ("tinyint", 3),
    "SMALLINT": ("smallint", 5),
    "INTEGER": ("integer", 10),
    "BIGINT": ("bigint", 19),
    "HUGEINT": ("bigint", 19),
    "UBIGINT": ("bigint", 19),
    "FLOAT": ("float", 17),
    "DOUBLE": ("double", 17),
    "VARCHAR": ("varchar", 2147483647),
    "UUID": ("varchar", 2147483647),
    "JSON": ("json", 0),
    "BLOB": ("varbinary", 1073741824),
    "DATE": ("date", 0),
    "TIME": ("time", 3),
    "TIMESTAMP": ("timestamp", 3),
    "TIMESTAMP_S": ("timestamp", 3),
    "TIMESTAMP_MS": ("timestamp", 3),
    "TIMESTAMP_NS": ("timestamp", 3),
    "TIMESTAMP WITH TIME ZONE": ("timestamp with time zone", 3),
    "INTERVAL": ("interval day to second", 0),
}
_NESTED = (("[]", "array"), ("MAP(", "map"), ("STRUCT(", "row"))


def column_info(name: str, duckdb_type: str) -> dict[str, Any]:
    """What GetQueryResults says of a column."""
    kind, precision, scale = _athena_type(duckdb_type)
    names = {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name}
    return {**names, "Type": kind, "Precision": precision, "Scale": scale, "Nullable": "UNKNOWN", "CaseSensitive": kind == "varchar"}


def page(answer: Answer, first: int, size: int) -> dict[str, Any]:
    """Rows of a result from a position on, of which the names of a query's columns are the first, with a token when there are more."""
    all_rows = _with_names(answer) if answer.header else answer.rows
    rows = all_rows[first : first + size]
    info = [column_info(name, kind) for name, kind in answer.columns]
    more = {"NextToken": str(first + size)} if first + size < len(all_rows) else {}
    data = [{"Data": [{} if value is None else {"VarCharValue": text(value)} for value in row]} for row in rows]
    return {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": info}}, "UpdateCount": 0, **more}


def stored(answer: Answer) -> bytes:
    """The object that Athena leaves in S3: of a query CSV with every value in quotes, and nothing at all for null; of anything else plain lines."""
    if not answer.header:
        return "".join(f"{text(row[0])}\n" for row in answer.rows).encode()
    return "".join(",".join(_cell(value) for value in row) + "\n" for row in _with_names(answer)).encode()


def text(value: Any) -> str:
    """A value as Athena writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _double(value)
        case datetime():
            zone = "" if value.tzinfo is None else " UTC"
            return f"{value:%Y-%m-%d %H:%M:%S.%f}{zone}"
        case time():
            return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}"
        case timedelta():
            hours, seconds = divmod(value.seconds, 3600)
            return f"{value.days} {hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}.{value.microseconds // 1000:03d}"
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case bytes():
            return value.hex(" ")
        case list() | tuple():
            return f"[{', '.join(map(_inner, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}={_inner(each)}" for key, each in value.items()) + "}"
    return str(value)


def _athena_type(duckdb_type: str) -> tuple[str, int, int]:
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb_type):
        return "decimal", int(decimal[1]), int(decimal[2])
    for mark, kind in _NESTED:
        if duckdb_type.endswith(mark) or duckdb_type.startswith(mark):
            return kind, 0, 0
    return (*_TYPES.get(duckdb_type, ("unknown", 0)), 0)


def _with_names(answer: Answer) -> list[tuple[Any, ...]]:
    return [tuple(name for name, _kind in answer.columns), *answer.rows]


def _inner(value: Any) -> str:
    return "null" if value is None else text(value)


def _cell(value: Any) -> str:
    return "" if value is None else '"' + text(value).replace('"', '""') + '"'


def _double(value: float) -> str:
    """As Java writes a double: digits from a thousandth to ten millions, an exponent beyond."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        plain = f"{Decimal(repr(value)):f}"
        return plain if "." in plain else f"{plain}.0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    rest = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{rest}E{exponent + len(digits) - 1}"
