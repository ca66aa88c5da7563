"""Rows of separated values, as the stream reads them (`lambdas/core/files/csv-reader.ts`).

A row may have quoted line feeds. Where a quote is never closed, or what follows cannot go on with it, only its first
line is bad, and the next line is read as the beginning of a row.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from cdp.files.rows import MOST_ROW_BYTES, Bad, BadFile, Line, Row, bad
from cdp.files.typed_row import Wrong, typed_row
from cdp.values.text import SPACE

MOST_LINES = 10_000
OPEN = "has a quote that nothing closes"
HEADER = "the line with the names of columns "
NO_HEADER = "is empty: it has no line with the names of columns"


class Flaw(Exception):
    """A line is neither a row nor the beginning of one."""


def csv_rows(lines: Iterable[Line], form: dict, columns: dict[str, str]) -> Iterator[Row | Bad]:
    """Rows and bad rows in their order. Raises BadFile."""
    header = form.get("header", True)
    names = None if header is True else checked(header, columns)
    for some, fields, reason in records(lines, form.get("delimiter", ",")):
        if names is None:
            names = named(fields, reason, columns)
            continue
        yield row_of(some, fields, reason, (names, columns))
    if names is None:
        raise BadFile(NO_HEADER)


def named(fields: list[str] | None, reason: str | None, columns: dict[str, str]) -> list[str]:
    """The names of columns in the first row. Raises BadFile."""
    if reason:
        raise BadFile(f"{HEADER}{reason}")
    return checked(fields, columns)


def row_of(lines: list[Line], fields: list[str] | None, reason: str | None, known: tuple[list, dict]) -> Row | Bad:
    names, columns = known
    place = {"line": lines[0].line, "byte": lines[0].byte}
    if reason is None and len(fields) != len(names):
        reason = "has too few columns" if len(fields) < len(names) else "has too many columns"
    if reason is None:
        try:
            entries = ((name, value or None) for name, value in zip(names, fields, strict=True))
            return Row(place, typed_row(entries, columns))
        except Wrong as wrong:
            reason = str(wrong)
    text = "\n".join(line.text for line in lines)
    return bad(place, reason, text.removesuffix("\r"))


def records(lines: Iterable[Line], delimiter: str) -> Iterator[tuple[list[Line], list[str] | None, str | None]]:
    """The lines of each row with its values, or with what is wrong with it."""
    source, again = iter(lines), deque()
    some, open_, size = [], None, 0
    while True:
        line = again.popleft() if again else next(source, None)
        if line is None and not some:
            return
        if not some and line.text in ("", "\r"):
            continue
        if line is not None:
            some.append(line)
            size += len(line.text) + 1
        flaw = OPEN
        try:
            if line is not None and not line.cut:
                fields, open_ = read_fields(line.text, delimiter, open_)
                if open_ is None:
                    yield some, fields, next((each.flaw for each in some if each.flaw), None)
                    some, size = [], 0
                    continue
                if size <= MOST_ROW_BYTES and len(some) <= MOST_LINES:
                    continue
        except Flaw as found:
            flaw = str(found) if len(some) == 1 else OPEN
        first, *rest = some
        yield [first], None, first.flaw or flaw
        again.extendleft(reversed(rest))
        some, open_, size = [], None, 0


def read_fields(line: str, delimiter: str, open_: tuple[list, str] | None) -> tuple[list[str], tuple[list, str] | None]:
    """Values of a line, and what it leaves open: values, and the beginning of the next one. Raises Flaw."""
    stop = len(line) - 1 if line.endswith("\r") else len(line)
    if open_ is None and '"' not in line:
        return line[:stop].split(delimiter), None
    fields, before = ([], None) if open_ is None else open_
    text, end = value_at(line, 0, delimiter, stop) if before is None else quoted(line, 0, before)
    while end is not None:
        fields.append(text)
        if end in (stop, len(line)):
            return fields, None
        if line[end] != delimiter:
            raise Flaw("has text after a closing quote")
        text, end = value_at(line, end + 1, delimiter, stop)
    return fields, (fields, text)


def value_at(line: str, begin: int, delimiter: str, stop: int) -> tuple[str, int | None]:
    if line.startswith('"', begin):
        return quoted(line, begin + 1, "")
    found = line.find(delimiter, begin)
    end = stop if found == -1 else found
    text = line[begin:end]
    if '"' in text:
        raise Flaw("has a quote inside a value without quotes")
    return text, end


def quoted(line: str, begin: int, before: str) -> tuple[str, int | None]:
    text, at = before, begin
    while (quote := line.find('"', at)) != -1:
        if not line.startswith('"', quote + 1):
            return text + line[at:quote], quote + 1
        text, at = text + line[at : quote + 1], quote + 2
    return f"{text}{line[at:]}\n", None


def checked(given: list[str], columns: dict[str, str]) -> list[str]:
    """The names of columns. Raises BadFile when one is missing or twice."""
    names = [name.strip(SPACE) for name in given]
    if "" in names:
        raise BadFile(f"column {names.index('') + 1} has no name")
    if twice := next((name for n, name in enumerate(names) if names.index(name) != n), None):
        raise BadFile(f"two columns have the name {twice}")
    if missing := [name for name in columns if name not in names]:
        raise BadFile(f"has no column {', '.join(missing)}; it has {', '.join(names)}")
    return names
