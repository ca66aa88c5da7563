"""Makes small tables from a job's own values, such as its watermark or its counts."""

import json
from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession


def few_rows(spark: SparkSession, columns: str, rows: Sequence[Mapping[str, object]]) -> DataFrame:
    """The rows as a table of `columns` (Spark's DDL). Times and days are ISO 8601 texts; a missing column is null.

    PySpark's own way starts Python processes, which takes seconds for one row.
    """
    return spark.sql(
        "SELECT inline(from_json(:rows, :columns))", {"rows": json.dumps(rows), "columns": f"array<struct<{columns}>>"}
    )
