"""Replaces a table's rows and writes only those that differ."""

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.tables.iceberg import added_rows, head
from cdp.tables.schema import Table, as_stored


def replace_rows(spark: SparkSession, name: str, table: Table, rows: DataFrame, scope: DataFrame | None = None) -> int:
    """Puts rows in place of those stored in `scope` (None: the whole table), in one commit.

    Gives how many rows were added, changed or removed. Without any it writes nothing, except that the first write of a
    table always commits. Where all are new to the whole table, they are appended.
    """
    if head(spark, name) is None:
        return append(spark, name, rows)
    key = list(table.key)
    values = [field.name for field in spark.table(name).schema.fields if field.name not in key]
    stored = (spark.table(name) if scope is None else scope).select(*key, F.struct(*values).alias("stored"))
    wanted = as_stored(rows, spark, name).select(*key, F.struct(*values).alias("wanted"))
    differing = wanted.join(stored, key, "full").where(~F.col("wanted").eqNullSafe(F.col("stored")))
    changes = differing.select(
        *key,
        *(F.col(f"wanted.{value}") for value in values),
        F.col("wanted").isNull().alias("row/gone"),
        F.col("stored").isNotNull().alias("row/stored"),
    ).localCheckpoint()
    changed, stored_already = changes.agg(F.count("*"), F.count_if("`row/stored`")).first()
    if changed and scope is None and not stored_already:
        append(spark, name, changes)
    elif changed:
        # A view of its own: several tables may be replaced at once.
        changes.createOrReplaceTempView(f"changes_{table.name}")
        same = " AND ".join(f"t.`{column}` = s.`{column}`" for column in key)
        spark.sql(
            f"MERGE INTO {name} t USING changes_{table.name} s ON {same} WHEN MATCHED AND s.`row/gone` THEN DELETE "
            "WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )
    return changed


def append(spark: SparkSession, name: str, rows: DataFrame) -> int:
    """Puts rows into a table that was never written to, in one commit.

    Gives their number. There is nothing to compare with.
    """
    as_stored(rows, spark, name).writeTo(name).append()
    return added_rows(spark, name)
