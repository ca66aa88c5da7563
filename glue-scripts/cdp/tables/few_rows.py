"""A handful of rows that a job itself has to say, such as its watermark or what it counted."""

import json
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession


def few_rows(spark: SparkSession, columns: str, rows: Sequence[Mapping[str, object]]) -> DataFrame:
    """The rows as a table of `columns` (Spark's DDL); times and days are ISO 8601 texts, and what a row does not name is null.

    PySpark's own way starts Python processes for them, and reads them by these: seconds, for one row.
    """
    return spark.sql("SELECT inline(from_json(:rows, :columns))", {"rows": json.dumps(rows), "columns": f"array<struct<{columns}>>"})
