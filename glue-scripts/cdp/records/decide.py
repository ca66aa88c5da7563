"""Decides what a load changes at one record: the rule itself, without Spark."""

from collections.abc import Mapping

from cdp.records.load import Load, RecordObject
from cdp.records.read_row import compared, hash_of
from cdp.values.exact_json import read_json, write_json

CREATED, UPDATED, DELETED, NOTED = "created", "updated", "deleted", "noted"
CHANGE = "kind string, columns string, hash string, changed string, version bigint, at bigint, deleted bigint"
Kept = Mapping[str, object]
"""What the table says: `columns`, `version`, `at`, `deleted`, `started` and `load`; times in milliseconds."""
Said = Mapping[str, object]
"""What the load says, as `read_row` reads it."""
Columns = dict[str, object]


def decide(kept: Kept | None, said: Said | None, of: RecordObject, load: Load) -> dict[str, object] | None:
    """The record's new version as fields of CHANGE; None if nothing changes.

    `said` is None for a record that a complete load lacks.
    """
    if said is None:
        return None if kept is None else vanish(kept, of, load)
    if kept is None:
        return begin(said, of)
    if (said["version"], load.started, load.id) < (kept["version"], kept["started"], kept["load"]):
        return None
    return delete(kept, said, of) if said["deleted"] else update(kept, said, of)


def begin(said: Said, of: RecordObject) -> dict[str, object]:
    """A record that nobody knew. If it is deleted already, that is kept, so that an older row does not create it."""
    columns, at = valued(read_json(said["columns"])), said["version"]
    if said["deleted"]:
        return change(NOTED, columns, {}, of) | {"version": at, "at": at, "deleted": at}
    return change(CREATED, columns, compared(columns, of), of) | {"version": at, "at": at}


def vanish(kept: Kept, of: RecordObject, load: Load) -> dict[str, object] | None:
    """A record that a complete load lacks is deleted, unless a later load has it. Its version stays what it was."""
    if kept["deleted"] is not None or kept["started"] > load.started:
        return None
    return end(kept, of, kept["version"], later(load.started, kept))


def delete(kept: Kept, said: Said, of: RecordObject) -> dict[str, object] | None:
    if kept["deleted"] is None:
        return end(kept, of, said["version"], later(said["version"], kept))
    return note(kept, said, of) if is_newer(said, kept) else None


def update(kept: Kept, said: Said, of: RecordObject) -> dict[str, object] | None:
    """Columns that the row does not have stay as they were; a record that comes back has all of them again."""
    before = read_json(kept["columns"])
    columns = valued(before | read_json(said["columns"]))
    old, new = ({} if kept["deleted"] is not None else compared(before, of)), compared(columns, of)
    changed = {name: new.get(name) for name in old | new if is_other(old.get(name), new.get(name))}
    if kept["deleted"] is None and not changed:
        return note(kept | {"columns": write_json(columns)}, said, of) if is_newer(said, kept) else None
    kind = UPDATED if kept["deleted"] is None else CREATED
    return change(kind, columns, changed, of) | {"version": said["version"], "at": later(said["version"], kept)}


def end(kept: Kept, of: RecordObject, version: int, at: int) -> dict[str, object]:
    """The record is gone, and so are its values; the table keeps them, because they say whom it was about."""
    columns = read_json(kept["columns"])
    emptied = dict.fromkeys(compared(columns, of))
    return change(DELETED, columns, emptied, of) | {"version": version, "at": at, "deleted": at}


def note(kept: Kept, said: Said, of: RecordObject) -> dict[str, object]:
    """Nothing is told: only the row's time moved on, so that an older row does not win."""
    moved = {"version": said["version"], "at": kept["at"], "deleted": kept["deleted"]}
    return change(NOTED, read_json(kept["columns"]), {}, of) | moved


def change(kind: str, columns: Columns, changed: Columns, of: RecordObject) -> dict[str, object]:
    texts = {"columns": write_json(columns, in_order=True), "changed": write_json(changed, in_order=True)}
    return {"kind": kind, **texts, "hash": hash_of(compared(columns, of)), "deleted": None}


def is_newer(said: Said, kept: Kept) -> bool:
    """Whether a row with a time of its own is newer. Otherwise each load would write each of its rows."""
    return said["own"] and said["version"] > kept["version"]


def later(at: int, kept: Kept) -> int:
    """The time that a change is told with: later than the change before, or a trait might keep its old value."""
    return max(at, kept["at"] + 1)


def is_other(one: object, two: object) -> bool:
    """Whether two values differ as JSON, where 1, 1.0 and true are three."""
    return write_json(one, in_order=True) != write_json(two, in_order=True)


def valued(columns: Columns) -> Columns:
    return {name: value for name, value in columns.items() if value is not None}
