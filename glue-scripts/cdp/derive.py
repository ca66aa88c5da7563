"""Columns made of others, by the closed list of kinds that `lake.derive` may name. No text of a configuration is ever evaluated."""

from functools import reduce
from operator import add, mul

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.quality import CHANGED, MISSING, outcome_column
from cdp.schema import Column

PARTS = {"year": "yyyy", "month": "yyyy-MM", "day": "yyyy-MM-dd", "hour": "HH"}
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def derived_columns(rules: list[dict]) -> list[Column]:
    """The columns that the rules add to the table."""
    return [Column(rule["column"], "double" if rule["kind"] in ("sum", "product") else "string", comment_of(rule)) for rule in rules]


def comment_of(rule: dict) -> str:
    return f"Derived: {rule['kind']} of {', '.join(rule['of'])}"


def derive(rows: DataFrame, rules: list[dict]) -> DataFrame:
    """Adds the columns in their order; a later rule may use an earlier one's."""
    for rule in rules:
        value = KINDS[rule["kind"]]([F.col(f"`{name}`") for name in rule["of"]], rule)
        outcome = F.when(F.col(f"`{rule['column']}`").isNull(), MISSING).otherwise(CHANGED)
        rows = rows.withColumn(rule["column"], value).withColumn(outcome_column("derive", rule["column"]), outcome)
    return rows


def numbers(columns: list[Expression]) -> list[Expression]:
    return [column.cast("double") for column in columns]


def bucket(columns: list[Expression], rule: dict) -> Expression:
    """The label of the first bound that the number is below, the last label from the last bound on."""
    number = columns[0].cast("double")
    below = [F.when(number < bound, label) for bound, label in zip(rule["bounds"], rule["labels"], strict=False)]
    return F.when(number.isNotNull(), F.coalesce(*below, F.lit(rule["labels"][-1])))


def date_part(columns: list[Expression], rule: dict) -> Expression:
    """UTC: year, month (2026-05), day (2026-05-01), hour (00 to 23) or weekday (monday)."""
    instant = columns[0].cast("timestamp")
    if rule["part"] == "weekday":
        return F.element_at(F.array(*map(F.lit, WEEKDAYS)), F.dayofweek(instant))
    return F.date_format(instant, PARTS[rule["part"]])


KINDS = {
    "sum": lambda columns, _: reduce(add, numbers(columns)),
    "product": lambda columns, _: reduce(mul, numbers(columns)),
    "coalesce": lambda columns, _: F.coalesce(*(column.cast("string") for column in columns)),
    "lower": lambda columns, _: F.lower(columns[0]),
    "concat": lambda columns, rule: F.concat_ws(rule["separator"], *(column.cast("string") for column in columns)),
    "bucket": bucket,
    "date_part": date_part,
}
