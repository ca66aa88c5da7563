"""Reads a part of a file of plain text: the rows whose first byte lies in a range of its bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import BinaryIO

from cdp.files.csv_rows import NO_HEADER, checked, csv_rows, named, records
from cdp.files.json_rows import ndjson_rows
from cdp.files.read_rows import CHUNK
from cdp.files.rows import Bad, BadFile, Row
from cdp.files.stage import Tally
from cdp.files.text import FEEDS, OTHERS, find, lines_of, mark_length

GZIP = b"\x1f\x8b"
LINE_BY_LINE = ("csv", "ndjson")


@dataclass(frozen=True, slots=True)
class Start:
    """A line where a row begins."""

    byte: int
    line: int


@dataclass(frozen=True)
class Text:
    """How the text of a file is read: its form, with the names of columns, and what its columns are."""

    form: dict
    columns: dict[str, str]
    begin: int
    """Where the text begins, after a byte order mark."""

    @property
    def feed(self) -> bytes:
        return FEEDS.get(self.form.get("encoding", "utf-8"), b"\n")


@dataclass(frozen=True)
class Read:
    """What a range has, read as if a row began where it was told."""

    first: Start | None
    """The first row from there on, which may lie after the range."""
    after: Start | None
    """The first row after the range."""
    tally: Tally


def text_of(file: BinaryIO, form: dict, columns: dict[str, str]) -> tuple[Text, Start | None] | None:
    """The text and its first row; None for a file that can only be read from its beginning. Raises BadFile."""
    head = file.read(CHUNK)
    if form.get("format", "csv") not in LINE_BY_LINE or head.startswith((GZIP, *(mark for mark, _ in OTHERS))):
        return None
    text = Text(form, columns, mark_length(head, form.get("encoding", "utf-8")))
    if form.get("format", "csv") == "csv":
        header = form.get("header", True)
        if header is True:
            return after_header(file, text)
        text = Text({**form, "header": checked(header, columns)}, columns, text.begin)
    row = next(rows_from(file, text, Start(text.begin, 1)), None)
    return text, None if row is None else start_of(row)


def after_header(file: BinaryIO, text: Text) -> tuple[Text, Start | None]:
    """The text with the names of its first row, and its second row. Raises BadFile."""
    rows = records(lines_from(file, text, Start(text.begin, 1)), text.form.get("delimiter", ","))
    header, second = next(rows, None), next(rows, None)
    if header is None:
        raise BadFile(NO_HEADER)
    names = named(*header[1:], text.columns)
    text = Text({**text.form, "header": names}, text.columns, text.begin)
    return text, None if second is None else Start(second[0][0].byte, second[0][0].line)


def start_of(row: Row | Bad) -> Start:
    return Start(row.place["byte"], row.place["line"])


def lines_from(file: BinaryIO, text: Text, start: Start) -> Iterator:
    file.seek(start.byte)
    encoding = text.form.get("encoding", "utf-8")
    return lines_of(iter(lambda: file.read(CHUNK), b""), encoding, start.byte, start.line)


def rows_from(file: BinaryIO, text: Text, start: Start) -> Iterator[Row | Bad]:
    """The rows from a line on, to the file's end."""
    lines = lines_from(file, text, start)
    if text.form.get("format", "csv") == "ndjson":
        return ndjson_rows(lines, text.columns)
    return csv_rows(lines, text.form, text.columns)


def rows_before(file: BinaryIO, text: Text, start: Start, end: int) -> Iterator[Row | Bad]:
    return takewhile(lambda row: row.place["byte"] < end, rows_from(file, text, start))


def read_range(file: BinaryIO, text: Text, start: Start, end: int) -> Read:
    """Reads the rows that begin before `end`."""
    tally, first = Tally(most_faults=float("inf")), None
    for row in rows_from(file, text, start):
        at = start_of(row)
        first = first or at
        if at.byte >= end:
            return Read(first, at, tally)
        tally.add(row)
    return Read(first, None, tally)


def lines_in(file: BinaryIO, text: Text, begin: int, end: int) -> tuple[int, int | None]:
    """How many lines begin in a range, and where the first one does."""
    feed = text.feed
    is_first = begin == text.begin
    count, first = (1, begin) if is_first else (0, None)
    at, last = begin if is_first else begin - len(feed), end - len(feed)
    file.seek(at)
    while at < last and (data := file.read(min(CHUNK, last - at))):
        found = find(data, feed, 0)
        if found != -1 and first is None:
            first = at + found + len(feed)
        count += data.count(feed) if len(feed) == 1 else count_pairs(data, feed, found)
        at += len(data)
    return count, first


def count_pairs(data: bytes, feed: bytes, found: int) -> int:
    count = 0
    while found != -1:
        count, found = count + 1, find(data, feed, found + len(feed))
    return count
