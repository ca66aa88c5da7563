"""Reads what AWS Database Migration Service writes of a change: a row of its files, or a message of its topics."""

from cdp.envelopes.change import Change, Envelope, Refused, place_of
from cdp.envelopes.position import Position, read_position
from cdp.files.typed_row import Wrong, typed_row
from cdp.values.exact_json import write_json
from cdp.values.text import is_blank
from cdp.values.times import read_time

LOADED, DELETED = ("", "load"), ("D", "delete")
IN_FILES = ("", "I", "U", "D")
IN_MESSAGES = ("load", "insert", "update", "delete")


def read_dms(told: dict, envelope: Envelope) -> Change | None:
    """The change in `row`; None for a message about the task or the table. Raises Refused."""
    row = told.get("row")
    if not isinstance(row, dict):
        raise Refused("is no object")
    return message_change(row, envelope) if isinstance(row.get("metadata"), dict) else file_change(row, envelope)


def file_change(row: dict, envelope: Envelope) -> Change:
    """A row of a file. One of the full load may lack its Op, and has no place."""
    op = "" if row.get("Op") is None else row["Op"]
    if op not in IN_FILES:
        raise Refused(f"has the Op {write_json(op)}, and I, U and D are known")
    if op and envelope.position not in row:
        raise Refused(f"has no column {envelope.position} with its place in the log")
    given = row.get(envelope.position)
    position = None if given is None or is_blank(given) else read_position(given)
    left = {name: value for name, value in row.items() if name not in ("Op", envelope.position)}
    is_read = op in LOADED or (op == "I" and position is None)
    return Change(left, place_of(envelope, position, is_read=is_read), deleted=op in DELETED)


def message_change(value: dict, envelope: Envelope) -> Change | None:
    """A message of Kinesis or Kafka: the row in `data`, and what happened in `metadata`."""
    about = value["metadata"]
    if about.get("record-type") == "control":
        return None
    operation = about.get("operation")
    if operation not in IN_MESSAGES:
        raise Refused(f"has the operation {write_json(operation)}, and load, insert, update and delete are known")
    if not isinstance(value.get("data"), dict):
        raise Refused("has no row in data")
    place = place_of(envelope, position_in(about), is_read=operation in LOADED)
    at = read_time(about.get("commit-timestamp") or about.get("timestamp"))
    try:
        row = typed_row(value["data"].items(), dict(envelope.columns))
    except Wrong as wrong:
        raise Refused(str(wrong)) from None
    return Change(row, place, at, operation in DELETED)


def position_in(about: dict) -> Position | None:
    """A place in the log, and the place of a change within its transaction."""
    place = read_position(about.get("stream-position"))
    return place and (*place, *(read_position(about.get("transaction-record-id")) or ()))
