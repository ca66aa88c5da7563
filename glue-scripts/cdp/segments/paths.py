"""Finds what is at a path of names within a value."""

from collections.abc import Mapping, Sequence


def value_at(value: object, path: Sequence[str]) -> object:
    """What is at a path; through a list, what is there in each of its items."""
    if not path:
        return value
    if isinstance(value, list):
        found = (value_at(item, path) for item in value)
        return [one for each in found if each is not None for one in (each if isinstance(each, list) else [each])]
    return value_at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else None


def field_at(fields: Mapping[str, object], name: str) -> object:
    """What fields say under a name, which may have dots; else at the path that its dots part."""
    if name in fields or "." not in name:
        return fields.get(name)
    return value_at(fields, name.split("."))
