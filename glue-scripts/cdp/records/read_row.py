"""Reads what a row says of its record: which one, since when, and its columns. A row that says no such is put aside."""

import re
from collections.abc import Mapping
from hashlib import sha256

from cdp.envelopes.change import Change, Refused
from cdp.envelopes.read_change import read_change
from cdp.records.load import RecordObject
from cdp.records.origin import origin_of
from cdp.values.exact_json import is_number, number_text, read_json, write_json
from cdp.values.text import is_blank, units
from cdp.values.times import DAY, read_time

KEY_UNITS = 500
ROW_BYTES = 1_000_000
RAW_SIGNS = 2_000
"""How much of a row goes with it when it is put aside."""
ORDER = re.compile(r"\d{1,18}")
SAID = (
    "id string, position string, version bigint, own boolean, place bigint, deleted boolean, columns string, "
    "hash string, origin string, bad string"
)
NO_RECORD = ""
"""The id of what is about no record: all of them, if it has a position, or none."""


class BadRow(Exception):
    """Why a row cannot be read."""


def read_line(line: str, of: RecordObject, started: int) -> dict[str, object]:
    """A line of a load as fields of SAID: those of a version, or `bad` alone, a line for the quarantine."""
    told: object = None
    try:
        told = parsed(line)
        if isinstance(told, dict) and "bad" in told:
            return {"bad": line}
        return version(told, of, started) if of.envelope is None else change_of(told, of, started)
    except BadRow as error:
        return {"bad": bad_line(told, str(error), line, of)}


def bad_line(told: object, reason: str, line: str, of: RecordObject) -> str:
    """A row that cannot be read, as pieces have it."""
    place = told.get("place") if isinstance(told, dict) else None
    placed = {"file": of.object} | (place if isinstance(place, dict) else {})
    return write_json({"bad": {"place": placed, "reason": reason, "raw": line[:RAW_SIGNS]}})


def parsed(line: str) -> object:
    """The value of a line. Raises BadRow."""
    if len(line.encode()) > ROW_BYTES:
        raise BadRow(f"is larger than {ROW_BYTES} bytes")
    try:
        told = read_json(line)
        write_json(told).encode()
        return told
    except UnicodeEncodeError:
        raise BadRow("holds half of a surrogate pair") from None
    except (ValueError, RecursionError):
        raise BadRow("is no JSON") from None


def change_of(told: object, of: RecordObject, started: int) -> dict[str, object]:
    """A change in an envelope: its place in the log, and the row. The time of its commit is the row's time.

    A commit is never later than its load, whatever the clock of the database says.
    """
    try:
        change = read_change(told if isinstance(told, dict) else {}, of.envelope)
    except Refused as refused:
        raise BadRow(str(refused)) from None
    if change is None:
        return {"id": NO_RECORD}
    about = {"position": change.position}
    at = None if change.at is None else min(change.at, started)
    if not isinstance(change, Change):
        return {"id": NO_RECORD, **about, "version": started if at is None else at}
    read = version({**told, "row": change.row, "deleted": change.deleted}, of, started)
    return {**read, **about, **({} if read["own"] or at is None else {"own": True, "version": at})}


def version(told: object, of: RecordObject, started: int) -> dict[str, object]:
    if not isinstance(told, dict) or not isinstance(row := told.get("row"), dict):
        raise BadRow("is no JSON object")
    own = None if of.updated_at is None else own_time(of.updated_at, row.get(of.updated_at), started)
    # An emptied column stays, as null, so that a column that the row lacks differs from it.
    columns = {name: None if is_blank(value) else value for name, value in row.items()}
    return {
        "id": record_id(row, of.key),
        "position": "",
        "version": started if own is None else own,
        "own": own is not None,
        "place": place_of(told),
        "deleted": told.get("deleted") is True,
        "columns": write_json(columns, in_order=True),
        "hash": hash_of(compared(columns, of)),
        "origin": origin_of(told),
    }


def own_time(column: str, value: object, started: int) -> int | None:
    """When the row changed; None where it does not say: sources leave the time empty until the first edit."""
    if value is None or is_blank(value):
        return None
    own = read_time(value)
    if own is None:
        raise BadRow(f"{column} must hold a time, such as 2026-01-31T12:00:00Z")
    if own > started + DAY:
        raise BadRow(f"{column} is more than a day after the start of the load")
    return own


def record_id(row: Mapping[str, object], key: tuple[str, ...]) -> str:
    """The key as text: a number and the text of its digits are one key. Raises BadRow."""
    parts = [key_part(name, row.get(name)) for name in key]
    text = parts[0] if len(parts) == 1 else write_json(parts)
    if units(text) > KEY_UNITS:
        raise BadRow(f"the key {', '.join(key)} is longer than {KEY_UNITS} characters")
    return text


def key_part(name: str, value: object) -> str:
    if value is None or is_blank(value):
        raise BadRow(f"the key {name} is missing")
    if is_number(value):
        return number_text(value)
    if not isinstance(value, str):
        raise BadRow(f"the key {name} must be a text or a number")
    return value


def place_of(told: Mapping[str, object]) -> int:
    """What tells which of two rows of one load and time came later: a declared order, or the place in the file."""
    place = told.get("place")
    places = place if isinstance(place, dict) else {}
    found = (told.get("order"), places.get("line"), places.get("row"), places.get("byte"))
    return next((int(str(each)) for each in found if ORDER.fullmatch(str(each))), 0)


def compared(columns: Mapping[str, object], of: RecordObject) -> dict[str, object]:
    """The columns with a value that are compared: not those of the key, nor the time."""
    return {name: value for name, value in columns.items() if value is not None and name not in of.not_compared}


def hash_of(columns: Mapping[str, object]) -> str:
    return sha256(write_json(columns, in_order=True).encode()).hexdigest()
