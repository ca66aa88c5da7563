"""Reads types: those that the parser gives, and those that the list of functions writes."""

import re

from sqlglot import exp

from emulator.athena.types.trino_types import TIMESTAMPTZ, Type

_KINDS = {
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INT": "integer",
    "BIGINT": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double",
    "DECIMAL": "decimal",
    "VARCHAR": "varchar",
    "TEXT": "varchar",
    "CHAR": "char",
    "VARBINARY": "varbinary",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMPNTZ": "timestamp",
    "TIMESTAMPTZ": TIMESTAMPTZ,
    "JSON": "json",
    "ARRAY": "array",
    "LIST": "array",
    "MAP": "map",
    "STRUCT": "row",
    "UUID": "uuid",
    "NULL": "unknown",
    "INT128": "bigint",
}
_DEFAULTS = {"decimal": (38, 0), "char": (1,), "timestamp": (3,), TIMESTAMPTZ: (3,), "time": (3,)}


def type_of(kind: exp.DataType, stored: bool = False) -> Type | None:
    """Trino's type for one of the parser's; a stored time has microseconds. None for one that is not known."""
    name = _KINDS.get(kind.this.name if isinstance(kind.this, exp.DataType.Type) else "")
    if name is None:
        return None
    if name == "row":
        fields = [
            (part.name, type_of(part.args["kind"], stored))
            if isinstance(part, exp.ColumnDef)
            else ("", type_of(part, stored))
            for part in kind.expressions
        ]
        return Type("row", tuple(fields)) if all(inner for _name, inner in fields) else None
    if name in ("array", "map"):
        inner = tuple(type_of(part, stored) for part in kind.expressions)
        return Type(name, inner) if all(inner) and inner else None
    if stored and name in ("timestamp", TIMESTAMPTZ):
        return Type(name, (6,))
    given = tuple(int(part.name) for part in kind.expressions if part.name.isdigit())
    return Type(name, (*given, 0)[:2] if name == "decimal" and given else given or _DEFAULTS.get(name, ()))


def read_type(text: str) -> Type:
    """Reads a type as the list of functions has it; what may be of any type is a name of one or a few letters."""
    text = text.strip()
    found = re.fullmatch(r"([\w ]+?)\s*(?:\((.*)\))?( with time zone)?", text)
    name = f"{found[1]}{found[3] or ''}"
    parts = split(found[2]) if found[2] else []
    return Type(name, tuple(int(part) if part.isdigit() else read_type(part) for part in parts))


def split(text: str) -> list[str]:
    """Parts between commas that stand in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]
