"""Results in Athena's form: every value as text, in pages or as CSV."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from emulator.athena.engine import Answer
from emulator.athena.translation.intervals import days_text, months_text
from emulator.athena.translation.java_format import java_double
from emulator.athena.types.trino_types import DAYS, MONTHS, Type, zone_of

# By Trino's type: the precision that Athena reports.
_PRECISIONS = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "varchar": 2147483647,
    "varbinary": 1073741824,
    "time": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
}
_NAMES = {"real": "float", "uuid": "varchar"}


def column_info(name: str, trino_type: Type | None) -> dict[str, Any]:
    """A column's description in GetQueryResults."""
    kind, precision, scale = _athena_type(trino_type)
    names = {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name}
    return {
        **names,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind == "varchar",
    }


def page(answer: Answer, first: int, size: int) -> dict[str, Any]:
    """One page of a result, with a token when there are more; the first row of a query has the columns' names."""
    all_rows = _with_names(answer) if answer.header else answer.rows
    rows = all_rows[first : first + size]
    info = [column_info(name, kind) for name, kind in answer.columns]
    more = {"NextToken": str(first + size)} if first + size < len(all_rows) else {}
    kinds = [kind for _name, kind in answer.columns]
    data = [
        {
            "Data": [
                {} if value is None else {"VarCharValue": text(value, kind)}
                for value, kind in zip(row, kinds, strict=False)
            ]
        }
        for row in rows
    ]
    return {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": info}}, "UpdateCount": 0, **more}


def stored(answer: Answer) -> bytes:
    """The object in S3: for a query CSV, every value in quotes and null empty; for other statements plain lines."""
    if not answer.header:
        return "".join(f"{text(row[0])}\n" for row in answer.rows).encode()
    kinds = [kind for _name, kind in answer.columns]
    return "".join(
        ",".join(_cell(value, kind) for value, kind in zip(row, kinds, strict=True)) + "\n"
        for row in _with_names(answer)
    ).encode()


def text(value: Any, kind: Type | None = None) -> str:
    """A value in Athena's text form; the type decides where Python has one type for two of Trino's."""
    match value:
        case str():
            return value
        case int() if kind == MONTHS:
            return months_text(value)
        case int() if kind == DAYS:
            return days_text(value)
        case bool():
            return "true" if value else "false"
        case float():
            return java_double(value)
        case datetime():
            zone = f" {zone_of(kind)}" if zone_of(kind) else "" if value.tzinfo is None else " UTC"
            digits = max(kind.parts[0] if kind and kind.parts else 6, 3)
            return f"{value:%Y-%m-%d %H:%M:%S.%f}"[: 20 + digits] + zone
        case time():
            return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}"
        case timedelta():
            return days_text(round(value.total_seconds() * 1000))
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case bytes():
            return value.hex(" ")
        case list():
            return f"[{', '.join(map(_inner, value))}]"
        case tuple():
            return "{" + ", ".join(f"field{place}={_inner(each)}" for place, each in enumerate(value)) + "}"
        case dict():
            return "{" + ", ".join(f"{key}={_inner(each)}" for key, each in value.items()) + "}"
    return str(value)


def _athena_type(kind: Type | None) -> tuple[str, int, int]:
    if kind is None:
        return "unknown", 0, 0
    if kind.name == "decimal":
        return "decimal", kind.parts[0], kind.parts[1]
    given = kind.parts[0] if kind.name in ("varchar", "char") and kind.parts else None
    return _NAMES.get(kind.name, kind.name), given or _PRECISIONS.get(kind.name, 0), 0


def _with_names(answer: Answer) -> list[tuple[Any, ...]]:
    return [tuple(name for name, _kind in answer.columns), *answer.rows]


def _inner(value: Any) -> str:
    return "null" if value is None else text(value)


def _cell(value: Any, kind: Type | None) -> str:
    return "" if value is None else '"' + text(value, kind).replace('"', '""') + '"'
