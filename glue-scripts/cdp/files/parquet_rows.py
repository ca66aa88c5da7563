"""Rows of Parquet files, as the function reads them (`lambdas/adapters/files/parquet-rows.ts`)."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cdp.files.rows import Bad, BadFile, Row, bad
from cdp.files.typed_row import Wrong, typed_row
from cdp.values.exact_json import read_number, write_json
from cdp.values.times import format_instant, in_range

UNITS = {"s": 0.001, "ms": 1, "us": 1_000, "ns": 1_000_000}


class NoValue(Exception):
    """A value that cannot be written as JSON."""


def parquet_rows(file: BinaryIO, columns: dict[str, str]) -> Iterator[Row | Bad]:
    """Rows in their order, some at a time. Raises BadFile."""
    try:
        source = pq.ParquetFile(file)
    except pa.ArrowInvalid as error:
        raise BadFile(f"is a broken Parquet file: {error}") from None
    names = source.schema_arrow.names
    if missing := [name for name in columns if name not in names]:
        raise BadFile(f"has no column {', '.join(missing)}; it has {', '.join(names)}")
    number = 0
    for batch in source.iter_batches(batch_size=1_000):
        values = [readable(batch.column(n)).to_pylist() for n in range(len(names))]
        for row in zip(*values, strict=True):
            number += 1
            yield row_of(number, dict(zip(names, row, strict=True)), columns)


def readable(column: pa.Array) -> pa.Array:
    """A column in a form whose values have all their digits, and of which no text breaks the others."""
    type_ = column.type
    if pa.types.is_dictionary(type_):
        return readable(column.dictionary_decode())
    if pa.types.is_string(type_):
        return column.cast(pa.binary())
    if pa.types.is_large_string(type_):
        return column.cast(pa.large_binary())
    if not pa.types.is_timestamp(type_):
        return column
    at = [None if value is None else Instant(value, type_.unit) for value in column.cast(pa.int64()).to_pylist()]
    return Given(at)


class Instant(int):
    """Milliseconds since 1970; fractions go, towards the past."""

    def __new__(cls, value: int, unit: str) -> "Instant":
        return super().__new__(cls, value * 1_000 if unit == "s" else value // UNITS[unit])


class Given(list):
    """A column that is a list already."""

    def to_pylist(self) -> list:
        return self


def row_of(number: int, values: dict, columns: dict[str, str]) -> Row | Bad:
    place, row, flaw = {"row": number}, {}, None
    for name, value in values.items():
        try:
            row[name] = plain(value)
        except NoValue as found:
            row[name], flaw = None, flaw or f"column {name} {found}"
    try:
        if flaw is None:
            return Row(place, typed_row(row.items(), columns))
    except Wrong as wrong:
        flaw = str(wrong)
    return bad(place, flaw, write_json(row))


def plain(value: object) -> object:
    """A value of JSON. Raises NoValue."""
    match value:
        case None | bool() | str():
            return value
        case Instant():
            return told(value)
        case int():
            return read_number(str(value))
        case float():
            return number(value)
        case Decimal():
            return read_number(f"{value.normalize():f}")
        case bytes():
            return text(value)
        case datetime():
            moment = value if value.tzinfo else value.replace(tzinfo=UTC)
            return format_instant(math.floor(moment.timestamp() * 1_000))
        case date():
            return value.isoformat()
        case list():
            return [plain(each) for each in value]
        case dict():
            return {name: plain(each) for name, each in value.items()}
    raise NoValue("has a value that JSON cannot have")


def told(at: int) -> str:
    if in_range(at) is None:
        raise NoValue("has a time that no calendar has")
    return format_instant(at)


def number(value: float) -> object:
    if math.isnan(value):
        return None
    if math.isinf(value):
        raise NoValue("has a number that is infinite")
    return read_number(json.dumps(value))


def text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoValue("has bytes that are not utf-8") from None
