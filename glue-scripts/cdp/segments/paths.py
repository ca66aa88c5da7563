"""Finds what is at a path of names within a value."""

from collections.abc import Collection, Mapping, Sequence


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


def parts_at(fields: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    """The part of fields of which `field_at` gives the same for these names."""
    whole = {name: fields[name] for name in names if name in fields}
    return pruned(fields, [name.split(".") for name in names if name not in fields]) | whole


def pruned(value: object, paths: Sequence[Sequence[str]]) -> object:
    """A value without what is at no path; lists keep their items."""
    if not all(paths):
        return value
    if isinstance(value, list):
        return [pruned(item, paths) for item in value]
    if not isinstance(value, Mapping):
        return None
    rests = {path[0]: [other[1:] for other in paths if other[0] == path[0]] for path in paths if path[0] in value}
    return {name: pruned(value[name], rest) for name, rest in rests.items()}
