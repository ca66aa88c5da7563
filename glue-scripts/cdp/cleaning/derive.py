"""Computes columns from others, by the closed list of kinds in `lake.derive`. No configured text is evaluated."""

from cdp.cleaning.column_steps import Step
from cdp.cleaning.quality import CHANGED, MISSING, outcome_column
from cdp.spark.sql import first_case, identifier, quoted
from cdp.tables.schema import Column
from cdp.values.numbers import finite, number

PARTS = {"year": "yyyy", "month": "yyyy-MM", "day": "yyyy-MM-dd", "hour": "HH"}
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")

TIME_OF_DAY = r"^\s*T?[0-9]{1,2}:"


def derived_columns(rules: list[dict]) -> list[Column]:
    """The columns that the rules add to the table."""
    return [
        Column(rule["column"], "double" if rule["kind"] in ("sum", "product") else "string", comment_of(rule))
        for rule in rules
    ]


def comment_of(rule: dict) -> str:
    return f"Derived: {rule['kind']} of {', '.join(rule['of'])}"


def derive(rules: list[dict]) -> list[Step]:
    """Steps that add the columns in their order; a later rule may use the column of an earlier one."""
    return [derived(rule) for rule in rules]


def derived(rule: dict) -> Step:
    name, found = rule["column"], f"derived/{rule['column']}"
    outcome = first_case((f"{identifier(found)} IS NULL", quoted(MISSING)), otherwise=quoted(CHANGED))
    value = KINDS[rule["kind"]]([identifier(column) for column in rule["of"]], rule)
    return Step(tuple(rule["of"]), {name: identifier(found), outcome_column("derive", name): outcome}, {found: value})


def as_double(column: str) -> str:
    return number(text(column), "double")


def text(column: str) -> str:
    return f"CAST({column} AS string)"


def bucket(columns: list[str], rule: dict) -> str:
    """The label of the first bound that exceeds the number; the last label if no bound does."""
    value = as_double(columns[0])
    below = [
        (f"{value} < {as_double(quoted(str(bound)))}", quoted(label))
        for bound, label in zip(rule["bounds"], rule["labels"], strict=False)
    ]
    return first_case((f"{value} IS NULL", "NULL"), *below, otherwise=quoted(rule["labels"][-1]))


def date_part(columns: list[str], rule: dict) -> str:
    """The UTC year, month (2026-05), day (2026-05-01), hour (00 to 23) or weekday (monday)."""
    # Spark reads a time without a date as a time of the day on which it runs.
    instant = f"CAST({first_case((f'NOT {text(columns[0])} RLIKE {quoted(TIME_OF_DAY)}', columns[0]))} AS timestamp)"
    if rule["part"] == "weekday":
        return f"element_at(array({', '.join(map(quoted, WEEKDAYS))}), dayofweek({instant}))"
    return f"date_format({instant}, {quoted(PARTS[rule['part']])})"


KINDS = {
    "sum": lambda columns, _: finite(" + ".join(map(as_double, columns))),
    "product": lambda columns, _: finite(" * ".join(map(as_double, columns))),
    "coalesce": lambda columns, _: f"coalesce({', '.join(map(text, columns))})",
    "lower": lambda columns, _: f"lower({columns[0]})",
    "concat": lambda columns, rule: f"concat_ws({', '.join([quoted(rule['separator']), *map(text, columns)])})",
    "bucket": bucket,
    "date_part": date_part,
}
