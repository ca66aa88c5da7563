"""Lines of the raw zone become columns, each read by its paths.

Expressions are texts of SQL, each handed to Spark as a whole: put together from PySpark's columns, every part of them is a call to Java.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.cleaning.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.spark.sql import first_case, identifier, quoted
from cdp.tables.schema import Column, Table
from cdp.values.message_key import PATHS, event_id
from cdp.values.numbers import number, whole
from cdp.values.sent_numbers import LINE, as_sent, keep_digits
from cdp.values.text_in_sql import trimmed

TYPES = ("track", "identify", "page", "screen", "group", "alias")
TEXTS = {
    **dict.fromkeys(("messageId", "type", "userId", "anonymousId", "sourceId", "timestamp", "originalTimestamp", "sentAt", "receivedAt"), TYPES),
    **{"event": ("track",), "name": ("page", "screen"), "previousId": ("alias",), "groupId": ("group",)},
}
"""Fields that are texts, and the calls of which that is asked: what a call has besides is taken as it comes, as by the core."""
FIELDS = {"properties": ("track", "page", "screen"), "traits": ("identify", "group"), "context": TYPES, "integrations": TYPES}
"""The same of fields that are objects."""
NAMES = ("user_id", "anonymous_id", "previous_id", "group_id")
INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"
STRICT = "map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false')"
SEPARATOR = "»"


def parse(lines: DataFrame, table: Table) -> DataFrame:
    """Adds the table's columns, read by their paths, and `json`, the line's top level. What is no JSON has none."""
    columns = [column for column in table.columns if column.paths]
    # In brackets, for then something after the object, such as another one, is an error instead of being passed over.
    wrapped = from_json(f"concat('[', {identifier(LINE)}, ']')", f"array<struct<{texts([*TEXTS, *FIELDS])}>>")
    json = "CASE WHEN startswith(ltrim(line), '{') AND size(wrapped) = 1 THEN element_at(wrapped, 1) END"
    parsed = keep_digits(lines).withColumn("wrapped", F.expr(wrapped)).withColumn("json", F.expr(json)).drop("wrapped")
    paths = [up_to_list(path) for path in (*PATHS, *(path for column in columns for path in column.paths))]
    for depth in parents(paths):
        parsed = parsed.withColumns({step_name(parent): F.expr(from_object(value_at(parent), children(parent, paths))) for parent in depth})
    parsed = parsed.withColumns({f"{SEPARATOR}{column.name}": F.expr(as_sent(best(column), column.type)) for column in columns})
    kept = [identifier(name) for name in parsed.columns if SEPARATOR not in name]
    known = [event_id(lambda path: as_sent(value_at(path))) + " AS event_id"]
    # Two steps, for an outcome looks at a value more than once, which is to be read once.
    typed = parsed.selectExpr(*kept, *known, *map(given, columns), *(f"{read_as(column, given(column))} AS {identifier(column.name)}" for column in columns))
    outcomes = [
        f"{outcome_of_cast(column, given(column))} AS {identifier(outcome_column('type', column.name))}"
        for column in columns
        if column.type not in ("string", "array<string>")
    ]
    later = [column for column in table.columns if not column.paths and column.name not in (*lines.columns, "event_id", "run")]
    empty = [f"CAST(NULL AS {column.type}) AS {identifier(column.name)}" for column in later]
    return typed.selectExpr(*kept, "event_id", *(never_later(column) for column in columns), *outcomes, *empty)


def never_later(column: Column) -> str:
    """No event is later than its receipt, as in the stream; lines from before that rule may say so."""
    if column.name != "timestamp":
        return identifier(column.name)
    return f"{first_case(('timestamp > received_at', 'received_at'), otherwise='timestamp')} AS timestamp"


def texts(names: list[str]) -> str:
    """Fields of a struct that takes over each value as text: a text as it is, anything else as JSON."""
    return ", ".join(f"{identifier(name)}: string" for name in names)


def parents(paths: list[str]) -> list[list[str]]:
    """Every object that is looked into for the paths, by its depth, outer ones first."""
    split = [path.split(".") for path in paths]
    depths = range(1, max(map(len, split), default=1))
    return [sorted({".".join(parts[:depth]) for parts in split if len(parts) > depth}) for depth in depths]


def children(parent: str, paths: list[str]) -> list[str]:
    """Fields of an object that are looked at for the paths."""
    return sorted({path.removeprefix(f"{parent}.").split(".")[0] for path in paths if path.startswith(f"{parent}.")})


def up_to_list(path: str) -> str:
    """`properties.products[].sku` is read from `properties.products`."""
    return path.partition("[].")[0]


def given(column: Column) -> str:
    """A column's value as the event says it."""
    return identifier(f"{SEPARATOR}{column.name}")


def from_json(value: str, schema: str) -> str:
    return f"from_json({value}, {quoted(schema)}, {STRICT})"


def from_object(value: str, fields: list[str]) -> str:
    """Reads an object's fields as texts; null fields where the value is no object."""
    return from_json(f"CASE WHEN startswith({value}, '{{') THEN {value} END", f"struct<{texts(fields)}>")


def value_at(path: str) -> str:
    """The value at a path; of `list[].field` the fields of all items."""
    whole, _, field = path.partition("[].")
    parent, _, name = whole.rpartition(".")
    value = f"{identifier(step_name(parent)) if parent else 'json'}.{identifier(name)}"
    # Item by item: read as a list of objects, one item that is none would be an empty list.
    return f"transform({from_json(value, 'array<string>')}, item -> {from_object('item', [field])}.{identifier(field)})" if field else value


def best(column: Column) -> str:
    """What the first path says that says something. A text of nothing but space counts only where no path says more."""
    values = list(map(value_at, column.paths))
    return f"coalesce({', '.join([*map(text, values), *values])})" if len(values) > 1 else values[0]


def step_name(parent: str) -> str:
    return f"{SEPARATOR}{parent.replace('.', SEPARATOR)}{SEPARATOR}"


def read_as(column: Column, value: str) -> str:
    """A value in the type of its column; null where it is not of that type. A blank text is nobody's id, and space around one is not of it."""
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
    # Spark writes an instant otherwise than `INSTANT` reads it, and to write it takes longer than to read it.
    same = [] if column.type == "timestamp" else [(f"CAST({typed} AS string) = {value}", quoted(UNCHANGED))]
    return first_case((f"{value} IS NULL", quoted(MISSING)), (f"{typed} IS NULL", quoted(FAILED)), *same, otherwise=quoted(CHANGED))


def instant(value: str) -> str:
    return f"(CASE WHEN {value} RLIKE {quoted(INSTANT)} THEN try_to_timestamp({value}) END)"


def text(value: str) -> str:
    """A text that says something."""
    return f"(CASE WHEN {trimmed(value)} != '' THEN {value} END)"


def is_object_text(value: str) -> str:
    return f"(startswith({value}, '{{') AND json_object_keys({value}) IS NOT NULL)"
