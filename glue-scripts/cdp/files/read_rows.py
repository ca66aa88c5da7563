"""The rows of a file, by the form that its source declares."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cdp.files.csv_rows import csv_rows
from cdp.files.json_rows import json_rows, ndjson_rows
from cdp.files.parquet_rows import parquet_rows
from cdp.files.rows import Bad, Row
from cdp.files.text import lines_of, mark_length, unpacked

CHUNK = 1_048_576


def read_rows(file: BinaryIO, form: dict, columns: dict[str, str]) -> Iterator[Row | Bad]:
    """Rows and bad rows in their order, in little memory. Raises BadFile."""
    if form.get("format") == "parquet":
        yield from parquet_rows(file, columns)
        return
    encoding = form.get("encoding", "utf-8")
    source = unpacked(iter(lambda: file.read(CHUNK), b""))
    first = next(source, b"")
    begin = mark_length(first, encoding)
    chunks = joined(first[begin:], source)
    if form.get("format") == "json":
        yield from json_rows(chunks, form, columns, begin)
        return
    lines = lines_of(chunks, encoding, begin)
    yield from ndjson_rows(lines, columns) if form.get("format") == "ndjson" else csv_rows(lines, form, columns)


def joined(first: bytes, source: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from source
