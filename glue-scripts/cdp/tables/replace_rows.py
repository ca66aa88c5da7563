"""Replaces a table's rows and writes only those that differ."""

from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from cdp.tables.iceberg import added_rows, head
from cdp.tables.schema import Table, as_stored


class Changes(NamedTuple):
    """Rows as they are to be, keys of those that are to go (`row/gone`), and how often each is stored (`row/copies`).

    `count` is how many they are, `stored` how many of them are stored, and `twice` how many more than once.
    """

    rows: DataFrame
    count: int
    stored: int
    twice: int


def replace_rows(spark: SparkSession, name: str, table: Table, rows: DataFrame, scope: DataFrame | None = None) -> int:
    """Puts rows in place of those stored in `scope` (None: the whole table), in one commit.

    Gives how many rows were added, changed or removed. Without any it writes nothing, except that the first write of a
    table always commits. Where all are new to the whole table, they are appended. Keys that are stored twice go in a
    commit before.
    """
    if head(spark, name) is None:
        return append(spark, name, rows)
    changes = differing(spark, name, table, rows, spark.table(name) if scope is None else scope)
    if changes.count and scope is None and not changes.stored:
        append(spark, name, changes.rows.where("NOT `row/gone`"))
    elif changes.count:
        merge(spark, name, table, changes.rows, "WHEN NOT MATCHED AND NOT s.`row/gone` THEN INSERT *")
    return changes.count


def differing(spark: SparkSession, name: str, table: Table, rows: DataFrame, stored: DataFrame) -> Changes:
    """What has to change. Rows of keys that are stored twice are removed first: a merge would leave two of them."""
    key = list(table.key)
    values = [field.name for field in spark.table(name).schema.fields if field.name not in key]
    copies = F.count("*").over(Window.partitionBy(*key))
    before = stored.select(*key, F.struct(*values).alias("stored"), copies.alias("row/copies"))
    wanted = as_stored(rows, spark, name).select(*key, F.struct(*values).alias("wanted"))
    differs = ~F.col("wanted").eqNullSafe(F.col("stored")) | (F.col("row/copies") > 1)
    changes = counted(
        wanted.join(before, key, "full")
        .where(differs)
        .select(
            *key,
            *(F.col(f"wanted.{value}") for value in values),
            F.col("wanted").isNull().alias("row/gone"),
            F.coalesce("row/copies", F.lit(0)).alias("row/copies"),
        )
    )
    if not changes.twice:
        return changes
    once = changes.rows.dropDuplicates(key).localCheckpoint()
    merge(spark, name, table, once.where("`row/copies` > 1").withColumn("row/gone", F.lit(True)))
    return counted(once.withColumn("row/copies", F.expr("IF(`row/copies` = 1, 1, 0)")))


def counted(changes: DataFrame) -> Changes:
    kept = changes.localCheckpoint()
    copies = F.col("`row/copies`")
    return Changes(kept, *kept.agg(F.count("*"), F.count_if(copies > 0), F.count_if(copies > 1)).first())


def merge(spark: SparkSession, name: str, table: Table, changes: DataFrame, others: str = "") -> None:
    """Changes and removes stored rows in one commit."""
    # A view of its own: several tables may be replaced at once.
    changes.createOrReplaceTempView(f"changes_{table.name}")
    same = " AND ".join(f"t.`{column}` = s.`{column}`" for column in table.key)
    spark.sql(
        f"MERGE INTO {name} t USING changes_{table.name} s ON {same} WHEN MATCHED AND s.`row/gone` THEN DELETE "
        f"WHEN MATCHED THEN UPDATE SET * {others}"
    )


def append(spark: SparkSession, name: str, rows: DataFrame) -> int:
    """Puts rows into a table that was never written to, in one commit.

    Gives their number. There is nothing to compare with.
    """
    as_stored(rows, spark, name).writeTo(name).append()
    return added_rows(spark, name)
