"""Decides what a load changes at one record: the rule itself, without Spark."""

from collections.abc import Mapping

from cdp.records.load import Load, RecordObject
from cdp.records.read_row import compared, hash_of
from cdp.values.exact_json import read_json, write_json

CREATED, UPDATED, DELETED, NOTED = "created", "updated", "deleted", "noted"
CHANGE = (
    "kind string, columns string, hash string, changed string, position string, version bigint, at bigint, "
    "deleted bigint"
)
Kept = Mapping[str, object]
"""What the table says: `columns`, `position`, `version`, `at`, `deleted`, `started`, `load`; times in milliseconds."""
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
    order = (said["position"], said["version"], load.started, load.id)
    if order < (kept["position"], kept["version"], kept["started"], kept["load"]):
        return None
    return delete(kept, said, of) if said["deleted"] else update(kept, said, of)


def begin(said: Said, of: RecordObject) -> dict[str, object]:
    """A record that nobody knew. If it is deleted already, that is kept, so that an older row does not create it."""
    columns, at = valued(read_json(said["columns"])), said["version"]
    when = {"position": said["position"], "version": at, "at": at}
    if said["deleted"]:
        return change(NOTED, columns, {}, of) | when | {"deleted": at}
    return change(CREATED, columns, compared(columns, of), of) | when


def vanish(kept: Kept, of: RecordObject, load: Load) -> dict[str, object] | None:
    """A record that a complete load lacks is deleted, unless a later load has it. Its version stays what it was."""
    if kept["deleted"] is not None or kept["started"] > load.started:
        return None
    return end(kept, of, kept, later(load.started, kept))


def delete(kept: Kept, said: Said, of: RecordObject) -> dict[str, object] | None:
    if kept["deleted"] is None:
        return end(kept, of, said, later(said["version"], kept))
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
    return change(kind, columns, changed, of) | version_of(said) | {"at": later(said["version"], kept)}


def end(kept: Kept, of: RecordObject, by: Said, at: int) -> dict[str, object]:
    """The record is gone, and so are its values; the table keeps them, because they say whom it was about."""
    columns = read_json(kept["columns"])
    emptied = dict.fromkeys(compared(columns, of))
    return change(DELETED, columns, emptied, of) | version_of(by) | {"at": at, "deleted": at}


def note(kept: Kept, said: Said, of: RecordObject) -> dict[str, object]:
    """Nothing is told: only the row's time or place moved on, so that an older row does not win."""
    moved = version_of(said) | {"at": kept["at"], "deleted": kept["deleted"]}
    return change(NOTED, read_json(kept["columns"]), {}, of) | moved


def change(kind: str, columns: Columns, changed: Columns, of: RecordObject) -> dict[str, object]:
    texts = {"columns": write_json(columns, in_order=True), "changed": write_json(changed, in_order=True)}
    return {"kind": kind, **texts, "hash": hash_of(compared(columns, of)), "deleted": None}


def version_of(row: Said | Kept) -> dict[str, object]:
    return {"position": row["position"], "version": row["version"]}


def is_newer(said: Said, kept: Kept) -> bool:
    """Whether a row with a place or a time of its own is newer. Otherwise each load would write each of its rows."""
    if said["position"] != kept["position"]:
        return said["position"] > kept["position"]
    return said["own"] and said["version"] > kept["version"]


def later(at: int, kept: Kept) -> int:
    """The time that a change is told with: later than the change before, or a trait might keep its old value."""
    return max(at, kept["at"] + 1)


def is_other(one: object, two: object) -> bool:
    """Whether two values differ as JSON, where 1, 1.0 and true are three."""
    return write_json(one, in_order=True) != write_json(two, in_order=True)


def valued(columns: Columns) -> Columns:
    return {name: value for name, value in columns.items() if value is not None}
