"""Lines of the raw zone become events or are rejected: columns read by their paths, each line judged by itself."""

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.quality import CHANGED, FAILED, MISSING, UNCHANGED, outcome_column
from cdp.schema import Column, Table

TYPES = ("track", "identify", "page", "screen", "group", "alias")
FIELDS = ("properties", "traits", "context", "integrations")
TEXTS = ("messageId", "type", "event", "name", "userId", "anonymousId", "previousId", "groupId", "sourceId", "timestamp", "originalTimestamp", "sentAt", "receivedAt")
INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$"
STRICT = {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
SEPARATOR = "»"


def parse(lines: DataFrame, table: Table) -> DataFrame:
    """Adds the table's columns, read by their paths, and `json`, the line's top level. What is no JSON has none."""
    columns = [column for column in table.columns if column.paths]
    # In brackets, for then something after the object, such as another one, is an error instead of being passed over.
    wrapped = F.from_json(F.concat(F.lit("["), "line", F.lit("]")), f"array<struct<{texts([*TEXTS, *FIELDS])}>>", STRICT)
    is_object = F.ltrim("line").startswith("{") & (F.size("wrapped") == 1)
    parsed = lines.withColumn("wrapped", wrapped).withColumn("json", F.when(is_object, F.element_at("wrapped", 1))).drop("wrapped")
    for depth in parents(columns):
        parsed = parsed.withColumns({step_name(parent): from_object(value_at(parent), children(parent, columns)) for parent in depth})
    parsed = parsed.withColumns({f"{SEPARATOR}{column.name}": F.coalesce(*(value_at(path) for path in column.paths)) for column in columns})
    given = {column.name: F.col(f"`{SEPARATOR}{column.name}`") for column in columns}
    kept = [column for column in parsed.columns if SEPARATOR not in column]
    # Two steps, for an outcome looks at a value more than once, which is to be read once.
    typed = parsed.select(*kept, *given.values(), *(read_as(column, given[column.name]).alias(column.name) for column in columns))
    outcomes = {
        outcome_column("type", column.name): outcome_of_cast(given[column.name], F.col(f"`{column.name}`"))
        for column in columns
        if column.type not in ("string", "array<string>")
    }
    later = [column for column in table.columns if not column.paths and column.name not in (*lines.columns, "run")]
    empty = {column.name: F.lit(None).cast(column.type) for column in later}
    return typed.select(*kept, *(column.name for column in columns), *(value.alias(name) for name, value in {**outcomes, **empty}.items()))


def judge(parsed: DataFrame, required: list[str]) -> DataFrame:
    """Adds `verdict`, a struct of field and reason; null for an event. `required` names columns without which a line is none."""
    rules = [*flaws(), *((name, "is missing, and the lake's rules drop the event", is_blank(F.col(f"`{name}`"))) for name in required)]
    verdict = F.coalesce(
        *(F.when(F.coalesce(broken, F.lit(True)), F.struct(F.lit(field).alias("field"), F.lit(reason).alias("reason"))) for field, reason, broken in rules)
    )
    return parsed.withColumn("verdict", verdict)


def flaws() -> list[tuple[str, str, Expression]]:
    """What keeps a line from being an event, in the order in which it is told: field, reason, whether it is so."""
    json = F.col("json")
    kind = json["type"]
    return [
        ("", "is no JSON object", json.isNull()),
        *((name, "must be a text", json[name].isNotNull() & is_structure(json[name])) for name in TEXTS),
        ("messageId", "is required", F.coalesce(json["messageId"], F.lit("")) == ""),
        ("messageId", "is longer than 100 characters", F.length(json["messageId"]) > 100),
        ("type", f"must be one of {', '.join(TYPES)}", ~F.coalesce(kind, F.lit("")).isin(*TYPES)),
        ("userId", "supply userId or anonymousId", F.coalesce(text(json["userId"]), text(json["anonymousId"])).isNull()),
        *((name, "is longer than 500 characters", F.coalesce(F.length(json[name]) > 500, F.lit(False))) for name in ("userId", "anonymousId", "previousId", "groupId")),
        ("event", "is required for a track call", (kind == "track") & text(json["event"]).isNull()),
        ("groupId", "is required for a group call", (kind == "group") & text(json["groupId"]).isNull()),
        ("previousId", "is required for an alias call", (kind == "alias") & F.coalesce(text(json["previousId"]), text(json["anonymousId"])).isNull()),
        ("sourceId", "is required", text(json["sourceId"]).isNull()),
        *((name, "must be an ISO 8601 date-time", instant(json[name]).isNull()) for name in ("timestamp", "receivedAt")),
        *((name, "must be an object", json[name].isNotNull() & ~is_object_text(json[name])) for name in FIELDS),
    ]


def first_of_each(rows: DataFrame, table: Table) -> DataFrame:
    """Of rows with the same key the one that comes first in the table's order."""
    ranked = F.row_number().over(Window.partitionBy(*table.key).orderBy(*table.first))
    return rows.withColumn("rank", ranked).where("rank = 1").drop("rank")


def rejected(judged: DataFrame) -> DataFrame:
    """Rows of `rejected_events` without their run; a line that is there several times is so still."""
    return judged.where("verdict is not null").select(
        "line_hash", "verdict.field", "verdict.reason", "line", F.col("json.messageId").alias("message_id"), F.col("json.sourceId").alias("source_id"), "object", "arrived_at"
    )


def texts(names: list[str]) -> str:
    """Fields of a struct that takes over each value as text: a text as it is, anything else as JSON."""
    return ", ".join(f"`{name}`: string" for name in names)


def parents(columns: list[Column]) -> list[list[str]]:
    """Every object that is looked into for the columns, by its depth, outer ones first."""
    split = [up_to_list(path).split(".") for column in columns for path in column.paths]
    depths = range(1, max(map(len, split), default=1))
    return [sorted({".".join(parts[:depth]) for parts in split if len(parts) > depth}) for depth in depths]


def children(parent: str, columns: list[Column]) -> list[str]:
    """Fields of an object that are looked at for the columns."""
    inside = [up_to_list(path) for column in columns for path in column.paths]
    return sorted({path.removeprefix(f"{parent}.").split(".")[0] for path in inside if path.startswith(f"{parent}.")})


def up_to_list(path: str) -> str:
    """`properties.products[].sku` is read from `properties.products`."""
    return path.partition("[].")[0]


def from_object(value: Expression, fields: list[str]) -> Expression:
    """Reads an object's fields as texts; null fields where the value is no object."""
    return F.from_json(F.when(value.startswith("{"), value), f"struct<{texts(fields)}>", STRICT)


def value_at(path: str) -> Expression:
    """The value at a path; of `list[].field` the fields of all items."""
    whole, _, field = path.partition("[].")
    parent, _, name = whole.rpartition(".")
    value = F.col("json")[name] if parent == "" else F.col(f"`{step_name(parent)}`")[name]
    return F.from_json(value, f"array<struct<{texts([field])}>>", STRICT)[field] if field else value


def step_name(parent: str) -> str:
    return f"{SEPARATOR}{parent.replace('.', SEPARATOR)}{SEPARATOR}"


def read_as(column: Column, value: Expression) -> Expression:
    """A value in the type of its column; null where it is not of that type. A text of nothing is nobody's id."""
    if column.type == "timestamp":
        return instant(value)
    if column.type == "array<string>":
        return value
    return text(value) if column.name.endswith("_id") else value.cast(column.type)


def outcome_of_cast(value: Expression, typed: Expression) -> Expression:
    same = typed.cast("string") == value
    return F.when(value.isNull(), MISSING).when(typed.isNull(), FAILED).when(same, UNCHANGED).otherwise(CHANGED)


def instant(value: Expression) -> Expression:
    return F.when(value.rlike(INSTANT), F.try_to_timestamp(value))


def text(value: Expression) -> Expression:
    return F.when(value != "", value)


def is_blank(value: Expression) -> Expression:
    return value.isNull() | (F.trim(value.cast("string")) == "")


def is_object_text(value: Expression) -> Expression:
    return value.startswith("{") & F.from_json(value, "map<string,string>", STRICT).isNotNull()


def is_structure(value: Expression) -> Expression:
    return is_object_text(value) | (value.startswith("[") & F.from_json(value, "array<string>", STRICT).isNotNull())
