"""Puts a job's own values into a table, such as its counts."""

from collections.abc import Mapping, Sequence

from pyspark.sql import SparkSession

from cdp.tables.few_rows import few_rows
from cdp.tables.merge_by_key import append, merge_by_key
from cdp.tables.schema import Table


def put_few_rows(
    spark: SparkSession, name: str, table: Table, rows: Sequence[Mapping[str, object]], *, where: str
) -> None:
    """Puts rows of texts and numbers into a table by their keys, in at most one commit.

    `where` finds stored rows with these keys. When they are the same, nothing is written; when there are none, the rows
    are appended.
    """
    names = [column.name for column in table.columns]
    stored = {tuple(row) for row in spark.table(name).where(where).select(*names).collect()}
    if {tuple(row.get(name) for name in names) for row in rows} <= stored:
        return
    made = few_rows(spark, ", ".join(f"{column.name} {column.type}" for column in table.columns), rows)
    if stored:
        merge_by_key(spark, name, table, made)
    else:
        append(spark, name, made)
