"""Rows of JSON, as the stream reads them (`lambdas/core/files/ndjson-reader.ts` and `json-reader.ts`)."""

from collections.abc import Iterable, Iterator

from cdp.files.json_values import Values
from cdp.files.rows import TOO_LONG, Bad, Line, Row, bad
from cdp.files.text import decoded
from cdp.files.typed_row import Wrong, is_deep, strict_json, typed_row
from cdp.values.text import SPACE


def ndjson_rows(lines: Iterable[Line], columns: dict[str, str]) -> Iterator[Row | Bad]:
    """One JSON object a line."""
    for line in lines:
        place = {"line": line.line, "byte": line.byte}
        if line.flaw:
            yield bad(place, line.flaw, line.text)
        elif line.text.strip(SPACE):
            yield row_of_json(line.text, place, columns)


def row_of_json(text: str, place: dict, columns: dict[str, str]) -> Row | Bad:
    if is_deep(text):
        return bad(place, "is nested too deeply", text)
    try:
        value = strict_json(text)
    except ValueError:
        return bad(place, "is no JSON", text)
    if not isinstance(value, dict):
        return bad(place, "is no JSON object", text)
    try:
        return Row(place, typed_row(value.items(), columns))
    except Wrong as wrong:
        return bad(place, str(wrong), text)


def json_rows(chunks: Iterable[bytes], form: dict, columns: dict[str, str], begin: int) -> Iterator[Row | Bad]:
    """Objects of a list, or one after another. A broken list makes the file bad: raises BadFile."""
    values = Values(begin)
    for found in through(values, chunks):
        place, data, cut = found
        text, flaw = decoded(data, form.get("encoding", "utf-8"))
        reason = TOO_LONG if cut else flaw
        yield row_of_json(text, place, columns) if reason is None else bad(place, reason, text)


def through(values: Values, chunks: Iterable[bytes]) -> Iterator[tuple[dict, bytes, bool]]:
    for chunk in chunks:
        yield from values.push(chunk)
    yield from values.end()
