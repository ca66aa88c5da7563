"""Reads what Debezium writes of a change: its envelope, or the flat row that its ExtractNewRecordState makes."""

from cdp.envelopes.change import Change, Emptied, Envelope, Refused, place_of
from cdp.envelopes.position import Position, read_hex_groups, read_position
from cdp.files.typed_row import Wrong, typed_row
from cdp.values.exact_json import write_json
from cdp.values.times import read_time

READ, CREATED, UPDATED, DELETED, EMPTIED = "r", "c", "u", "d", "t"
UNAVAILABLE = "__debezium_unavailable_value"
UNAVAILABLE_BYTES = "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="
"""PostgreSQL does not log a large value that a change left as it was."""
NO_ROWS = ("ddl", "tableChanges", "status")
"""Fields of messages about the table and the transaction."""


def read_debezium(told: dict, envelope: Envelope) -> Change | Emptied | None:
    """The change in `row`, whose record has the `key`; None for what tells of no row. Raises Refused."""
    payload, key = without_schema(told.get("row")), without_schema(told.get("key"))
    if not isinstance(payload, dict):
        raise Refused("is no object with op, before and after")
    payload = wrapped(payload) if "__op" in payload or "__deleted" in payload else payload
    op, source = payload.get("op"), fields_of(payload.get("source"))
    if op == "m" or (op is None and (set(payload) <= {"ts_ms", "ts_us", "ts_ns"} or has_no_row(payload))):
        return None
    if op is None:
        raise Refused("has no op; let ExtractNewRecordState add it, by add.fields=op")
    if op not in (READ, CREATED, UPDATED, DELETED, EMPTIED):
        raise Refused(f"has the op {write_json(op)}, and c, r, u, d and t are known")
    at = read_time(source.get("ts_ms"))
    place = place_of(envelope, position_in(source), is_read=op == READ)
    if op == EMPTIED:
        return Emptied(place, at)
    return Change(row_of(payload, key, op, dict(envelope.columns)), place, at, op == DELETED)


def has_no_row(payload: dict) -> bool:
    return any(name in payload for name in NO_ROWS) and "after" not in payload and "before" not in payload


def without_schema(message: object) -> object:
    """A key or a value without the schema that the JSON converter may put around it."""
    is_wrapped = isinstance(message, dict) and "schema" in message and "payload" in message
    return message["payload"] if is_wrapped else message


def wrapped(flat: dict) -> dict:
    """The envelope of a flat row, whose fields from the envelope begin with two underscores."""
    row = {name: value for name, value in flat.items() if not name.startswith("__")}
    added = {name[2:]: value for name, value in flat.items() if name.startswith("__")}
    source = {name.removeprefix("source_"): value for name, value in added.items()}
    is_deleted = str(added.get("deleted")).lower() == "true"
    op = DELETED if is_deleted else added.get("op", UPDATED)
    return {"op": op, "before" if op == DELETED else "after": row, "source": source}


def row_of(payload: dict, key: object, op: str, columns: dict[str, str]) -> dict:
    """The row after a change; of a deletion what the log has, at least the key, which the record's key has, too."""
    if op == DELETED:
        row = fields_of(payload.get("before")) | fields_of(key)
        if not row:
            raise Refused("is a deletion without a key")
    elif not isinstance(row := payload.get("after"), dict):
        raise Refused("has no row in after")
    there = {name: value for name, value in row.items() if not is_unavailable(value)}
    try:
        return typed_row(there.items(), columns)
    except Wrong as wrong:
        raise Refused(str(wrong)) from None


def is_unavailable(value: object) -> bool:
    return value in (UNAVAILABLE, UNAVAILABLE_BYTES, [UNAVAILABLE])


def fields_of(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def position_in(source: dict) -> Position | None:
    """The place of a change. Two transactions that change one row have the same order as their commits.

    MySQL counts bytes of numbered files, and rows in an event; SQL Server and Oracle have places of their own.
    """
    if file := read_position(source.get("file")):
        pos, row = (read_position(source.get(name)) or (0,) for name in ("pos", "row"))
        return (file[-1], *pos, *row)
    if commit := read_hex_groups(source.get("commit_lsn")):
        serial = read_position(source.get("event_serial_no")) or ()
        return (*commit, *read_hex_groups(source.get("change_lsn")), *serial)
    if lsn := read_position(source.get("lsn")):
        return lsn
    if scn := read_position(source.get("scn")):
        return (*scn, *read_hex_groups(source.get("rs_id")), *(read_position(source.get("ssn")) or ()))
    return None
