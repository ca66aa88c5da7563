"""Makes lines of what an API answers: one row each, with the columns that are declared and the place where it stood."""

from collections.abc import Mapping
from typing import Any

from cdp.values.exact_json import write_json


def at_path(value: Any, path: str) -> Any:
    """What stands at a path such as `emails.0.value`; None where nothing does."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def columns_of(row: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row: those that are declared, or its fields, with those of nested objects beside them."""
    declared = read.get("columns")
    found = dict(row) if declared is None else {
        name: read["run"] if path == "@run" else at_path(row, path) for name, path in declared.items()
    }
    for spread in read["spread"]:
        nested = {"at": spread} if isinstance(spread, str) else spread
        found.pop(nested["at"], None)
        for name, value in members(at_path(row, nested["at"]), nested):
            # A column of the row itself keeps its name.
            found[f"{nested['at']}_{name}" if name in found else name] = value
    return found


def members(value: Any, nested: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Names and values of an object, or of a list of objects that each hold a name and a value."""
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, list) and "name" in nested:
        return [
            (name, at_path(each, nested["value"]))
            for each in value
            if isinstance(name := at_path(each, nested["name"]), str) and name
        ]
    return []


def line_of(row: Any, read: Mapping[str, Any], key: list[str], place: Mapping[str, Any]) -> str:
    """A line of the load: the row, or why it is none."""
    if not isinstance(row, Mapping):
        return bad("the API gave something that is not an object", row, place)
    columns = columns_of(row, read)
    lacking = [name for name in key if not is_key(columns.get(name))]
    if lacking:
        return bad(f"it has no {', '.join(lacking)}", row, place)
    gone = read["means"] == "deleted" or is_deleted(columns, read.get("deleted"))
    kept = {name: value for name, value in columns.items() if name not in read["drop"]}
    # Of two rows of one time the later one counts.
    order = {"order": -place["row"]} if read["newestFirst"] else {}
    return write_json({"row": kept, "place": place, **order, **({"deleted": True} if gone else {})})


def is_key(value: Any) -> bool:
    """Whether a value can name a row: a text or a number."""
    return (isinstance(value, str) and value.strip() != "") or (
        isinstance(value, (int, float)) and not isinstance(value, bool)
    )


def bad(reason: str, row: Any, place: Mapping[str, Any]) -> str:
    return write_json({"bad": {"place": place, "reason": reason, "raw": write_json(row)}})


def is_deleted(columns: Mapping[str, Any], rule: Mapping[str, Any] | None) -> bool:
    """Whether a column has one of the values that mean: the vendor keeps this row only to say that it is gone."""
    return rule is not None and any(
        value == columns.get(rule["column"]) and type(value) is type(columns.get(rule["column"]))
        for value in rule["values"]
    )
