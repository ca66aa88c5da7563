"""Counts what was done to the data. Each step leaves its outcome beside each row; one pass counts all of them."""

from pyspark.sql import DataFrame

from cdp.spark.sql import identifier

CHANGED, UNCHANGED, FAILED, MISSING = "changed", "unchanged", "failed", "missing"
OUTCOMES = (CHANGED, UNCHANGED, FAILED, MISSING)
PREFIX = "outcome/"

Measure = tuple[str, str, str, int]
"""Step, column, measure, rows."""


def outcome_column(step: str, column: str) -> str:
    """The column in which a step leaves its outcome for another column."""
    return f"{PREFIX}{step}/{column}"


def without_outcomes(rows: DataFrame) -> DataFrame:
    """The rows as their table stores them."""
    return rows.drop(*(name for name in rows.columns if name.startswith(PREFIX)))


def count_outcomes(rows: DataFrame, flag: str) -> tuple[tuple[int, int], list[Measure]]:
    """Counts the rows, those with a flag, and every outcome of every step, zeros included."""
    steps = [name for name in rows.columns if name.startswith(PREFIX)]
    counted = (
        f"count_if({identifier(step)} = '{kind}') AS {identifier(f'{step}/{kind}')}"
        for step in steps
        for kind in OUTCOMES
    )
    counts = rows.selectExpr("count(*) AS rows", f"count_if({identifier(flag)}) AS flagged", *counted).first()
    outcomes = [(*named(step), kind, counts[f"{step}/{kind}"]) for step in steps for kind in OUTCOMES]
    return (counts["rows"], counts["flagged"]), outcomes


def named(outcomes: str) -> tuple[str, str]:
    """Step and column of a column of outcomes."""
    step, column = outcomes.removeprefix(PREFIX).split("/")
    return step, column
