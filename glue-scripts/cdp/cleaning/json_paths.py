"""SQL that reads values of JSON by their paths, each object only once."""

from cdp.spark.sql import identifier, quoted

STRICT = "map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false')"
SEPARATOR = "»"


def texts(names: list[str]) -> str:
    """Fields of a struct that reads each value as text: a text as it is, anything else as JSON."""
    return ", ".join(f"{identifier(name)}: string" for name in names)


def parents(paths: list[str]) -> list[list[str]]:
    """Every object that the paths go through, grouped by depth, outer objects first."""
    split = [path.split(".") for path in paths]
    depths = range(1, max(map(len, split), default=1))
    return [sorted({".".join(parts[:depth]) for parts in split if len(parts) > depth}) for depth in depths]


def children(parent: str, paths: list[str]) -> list[str]:
    """Fields of an object that the paths name."""
    return sorted({path.removeprefix(f"{parent}.").split(".")[0] for path in paths if path.startswith(f"{parent}.")})


def up_to_list(path: str) -> str:
    """The part of a path before a list: `properties.products[].sku` gives `properties.products`."""
    return path.partition("[].")[0]


def from_json(value: str, schema: str) -> str:
    return f"from_json({value}, {quoted(schema)}, {STRICT})"


def from_object(value: str, fields: list[str]) -> str:
    """Reads an object's fields as texts; the fields are null where the value is not an object."""
    return from_json(f"CASE WHEN startswith({value}, '{{') THEN {value} END", f"struct<{texts(fields)}>")


def value_at(path: str) -> str:
    """The value at a path. For `list[].field` it is the list of the items' fields."""
    whole, _, field = path.partition("[].")
    parent, _, name = whole.rpartition(".")
    value = f"{identifier(step_name(parent)) if parent else 'json'}.{identifier(name)}"
    # Each item by itself: one item that is not an object would make a list of objects null as a whole.
    return (
        f"transform({from_json(value, 'array<string>')}, item -> {from_object('item', [field])}.{identifier(field)})"
        if field
        else value
    )


def step_name(parent: str) -> str:
    return f"{SEPARATOR}{parent.replace('.', SEPARATOR)}{SEPARATOR}"
