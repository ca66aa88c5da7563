"""SHOW and DESCRIBE, answered from the Glue catalog."""

import re
from typing import Any

from ministack.services import glue

from emulator.athena.engine import Answer
from emulator.athena.grammar.statements import QueryFailed, TableName
from emulator.athena.types.trino_types import VARCHAR
from emulator.athena.visible_tables import may_see
from emulator.iam.credentials import Credentials

_NAME = r"[`\"]?(?:(\w+)[`\"]?\.[`\"]?)?(\w+)[`\"]?"
_SHOW = re.compile(
    r"SHOW\s+(TABLES|VIEWS|DATABASES|SCHEMAS)(?:\s+(?:IN|FROM)\s+[`\"]?(\w+)[`\"]?)?(?:\s+(?:LIKE\s+)?'([^']*)')?",
    re.IGNORECASE,
)
_DESCRIBE = re.compile(rf"(?:DESCRIBE|DESC|SHOW\s+COLUMNS\s+(?:IN|FROM))\s+{_NAME}", re.IGNORECASE)
_WIDTH = 20


def answer(sql: str, database: str, caller: Credentials) -> Answer | None:
    """The answer to a statement that is about the catalog alone; None for any other. @raises QueryFailed"""
    statement = sql.strip().rstrip(";").strip()
    if shown := _SHOW.fullmatch(statement):
        what, where, pattern = shown[1].upper(), shown[2] or database, re.compile((shown[3] or "*").replace("*", ".*"))
        names = (
            sorted(glue._databases)
            if what in ("DATABASES", "SCHEMAS")
            else _tables(where.lower(), caller, views_only=what == "VIEWS")
        )
        return _listing(
            "database_name" if what in ("DATABASES", "SCHEMAS") else "tab_name",
            [name for name in names if pattern.fullmatch(name)],
        )
    if described := _DESCRIBE.fullmatch(statement):
        return _description(TableName((described[1] or database).lower(), described[2].lower()), caller)
    return None


def _tables(database: str, caller: Credentials, *, views_only: bool) -> list[str]:
    keys = [key for key, table in glue._tables.items() if not views_only or table.get("TableType") == "VIRTUAL_VIEW"]
    names = [key.partition("/")[2] for key in keys if key.partition("/")[0] == database]
    return sorted(name for name in names if may_see(caller, database, name))


def _listing(column: str, names: list[str]) -> Answer:
    return Answer([(column, VARCHAR)], [(name,) for name in names], 0, header=False)


def _description(name: TableName, caller: Credentials) -> Answer:
    """Athena gives the three columns of a row as one text, filled up and parted by tabs."""
    table = glue._tables.get(f"{name.database}/{name.table}")
    if table is None or not may_see(caller, name.database, name.table):
        raise QueryFailed(f"FAILED: SemanticException table not found: {name.database}.{name.table}")
    rows = [(_described(column),) for column in (table.get("StorageDescriptor") or {}).get("Columns") or []]
    return Answer([("col_name", VARCHAR), ("data_type", VARCHAR), ("comment", VARCHAR)], rows, 0, header=False)


def _described(column: dict[str, Any]) -> str:
    return "\t".join(f"{column.get(part) or '':<{_WIDTH}}" for part in ("Name", "Type", "Comment"))
