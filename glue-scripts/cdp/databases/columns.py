"""The columns of a table or query as the driver tells them, and how they differ from those of the last read."""

from collections.abc import Iterable
from dataclasses import dataclass

from cdp.databases.declared import Read, Refused

BINARY = (-4, -3, -2, 2004)
"""What `java.sql.Types` calls bytes."""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    """The database's own name of the type, in lower case."""
    is_binary: bool


def check(read: Read, columns: Iterable[Column]) -> None:
    """Raises Refused if a column that the declaration names is not there, or a name is there twice."""
    names = [column.name for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(f"two columns are called {', '.join(twice)}; give each a name of its own in the query")
    missing = [f"{column} ({what})" for column, what in read.needed.items() if column not in names]
    if missing:
        raise Refused(f"there is no column {', '.join(missing)}; there are {', '.join(names)}")


def drift(before: dict[str, str] | None, columns: Iterable[Column]) -> dict[str, list[str]]:
    """Names of columns that are new, dropped, or of another type than at the last read."""
    if before is None:
        return {}
    after = types_of(columns)
    found = {
        "new": [name for name in after if name not in before],
        "dropped": [name for name in before if name not in after],
        "changed": [name for name in after if name in before and before[name] != after[name]],
    }
    return {what: names for what, names in found.items() if names}


def types_of(columns: Iterable[Column]) -> dict[str, str]:
    return {column.name: column.type for column in columns}
