"""Reads columns from lines of the raw zone, each by its paths.

Expressions are whole texts of SQL: each part that PySpark puts together instead costs a call to Java.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.cleaning.event_fields import FIELDS, TEXTS
from cdp.cleaning.json_paths import (
    SEPARATOR,
    children,
    from_json,
    from_object,
    parents,
    step_name,
    texts,
    up_to_list,
    value_at,
)
from cdp.cleaning.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.spark.sql import first_case, identifier, quoted
from cdp.tables.schema import Column, Table
from cdp.values.message_key import PATHS, event_id
from cdp.values.numbers import number, whole
from cdp.values.sent_numbers import LINE, as_sent, keep_digits
from cdp.values.text_in_sql import trimmed

NAMES = ("user_id", "anonymous_id", "previous_id", "group_id")
INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"


def parse(lines: DataFrame, table: Table) -> DataFrame:
    """Adds the table's columns, read by their paths, and `json`, the line's top level; null for invalid JSON."""
    columns = [column for column in table.columns if column.paths]
    # In brackets anything after the object, such as a second object, is an error; otherwise Spark would ignore it.
    wrapped = from_json(f"concat('[', {identifier(LINE)}, ']')", f"array<struct<{texts([*TEXTS, *FIELDS])}>>")
    json = "CASE WHEN startswith(ltrim(line), '{') AND size(wrapped) = 1 THEN element_at(wrapped, 1) END"
    parsed = keep_digits(lines).withColumn("wrapped", F.expr(wrapped)).withColumn("json", F.expr(json)).drop("wrapped")
    paths = [up_to_list(path) for path in (*PATHS, *(path for column in columns for path in column.paths))]
    for depth in parents(paths):
        parsed = parsed.withColumns(
            {step_name(parent): F.expr(from_object(value_at(parent), children(parent, paths))) for parent in depth}
        )
    parsed = parsed.withColumns(
        {f"{SEPARATOR}{column.name}": F.expr(as_sent(best(column), column.type)) for column in columns}
    )
    return with_types(parsed, columns, empty_columns(table, lines.columns))


def with_types(parsed: DataFrame, columns: list[Column], empty: list[str]) -> DataFrame:
    """The columns in their types, each with what became of its value."""
    kept = [identifier(name) for name in parsed.columns if SEPARATOR not in name]
    known = event_id(lambda path: as_sent(value_at(path))) + " AS event_id"
    values = (f"{read_as(column, given(column))} AS {identifier(column.name)}" for column in columns)
    # Two steps: an outcome uses a value more than once, and Spark should read the value only once.
    typed = parsed.selectExpr(*kept, known, *map(given, columns), *values)
    outcomes = (
        f"{outcome_of_cast(column, given(column))} AS {identifier(outcome_column('type', column.name))}"
        for column in columns
        if column.type not in ("string", "array<string>")
    )
    return typed.selectExpr(*kept, "event_id", *map(never_later, columns), *outcomes, *empty)


def empty_columns(table: Table, known: list[str]) -> list[str]:
    """Columns that later steps fill."""
    later = (column for column in table.columns if not column.paths and column.name not in (*known, "event_id", "run"))
    return [f"CAST(NULL AS {column.type}) AS {identifier(column.name)}" for column in later]


def never_later(column: Column) -> str:
    """No event is later than its receipt, as in the stream. Lines from before that rule may claim it."""
    if column.name != "timestamp":
        return identifier(column.name)
    return f"{first_case(('timestamp > received_at', 'received_at'), otherwise='timestamp')} AS timestamp"


def given(column: Column) -> str:
    """The name of a column's value as the event has it."""
    return identifier(f"{SEPARATOR}{column.name}")


def best(column: Column) -> str:
    """The value at the first path that has one. A blank text counts only where no path has anything better."""
    values = list(map(value_at, column.paths))
    return f"coalesce({', '.join([*map(text, values), *values])})" if len(values) > 1 else values[0]


def read_as(column: Column, value: str) -> str:
    """A value in the type of its column; null where it has another type. Ids are trimmed, and a blank one is null."""
    if column.name in FIELDS:
        return f"(CASE WHEN {is_object_text(value)} THEN {value} END)"
    if column.type == "timestamp":
        return instant(value)
    if column.type == "array<string>":
        return value
    if column.type.startswith("decimal") or column.type in ("double", "float"):
        return number(value, column.type)
    if column.type == "bigint":
        return whole(value)
    if column.name in NAMES:
        return f"nullif({trimmed(value)}, '')"
    return text(value) if column.name.endswith("_id") else f"CAST({value} AS {column.type})"


def outcome_of_cast(column: Column, value: str) -> str:
    typed = identifier(column.name)
    # Spark writes an instant in another form than the line has; writing it costs more than reading it.
    same = [] if column.type == "timestamp" else [(f"CAST({typed} AS string) = {value}", quoted(UNCHANGED))]
    return first_case(
        (f"{value} IS NULL", quoted(MISSING)), (f"{typed} IS NULL", quoted(FAILED)), *same, otherwise=quoted(CHANGED)
    )


def instant(value: str) -> str:
    return f"(CASE WHEN {value} RLIKE {quoted(INSTANT)} THEN try_to_timestamp({value}) END)"


def text(value: str) -> str:
    """A text that is not blank, else null."""
    return f"(CASE WHEN {trimmed(value)} != '' THEN {value} END)"


def is_object_text(value: str) -> str:
    return f"(startswith({value}, '{{') AND json_object_keys({value}) IS NOT NULL)"
