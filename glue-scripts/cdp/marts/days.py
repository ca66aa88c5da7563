"""Chooses rows by their days."""

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def of_days(rows: DataFrame, days: frozenset[date] | None, column: str = "day") -> DataFrame:
    """Rows of some days; all rows when None."""
    # As texts: Python writes years before 1000 without leading zeros where PySpark asks for a date.
    return (
        rows
        if days is None
        else rows.where(F.to_date(column).cast("string").isin(sorted(day.isoformat() for day in days)))
    )
