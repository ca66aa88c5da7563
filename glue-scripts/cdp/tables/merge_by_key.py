"""Merges rows into tables by their keys, so that repeating a write changes nothing."""

from datetime import datetime, timedelta
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from cdp.tables.iceberg import head
from cdp.tables.schema import Table, as_stored

Bounds = tuple[datetime | None, datetime | None]
"""The earliest and the latest time of some rows; None without rows."""


def first_of_each(rows: DataFrame, table: Table) -> DataFrame:
    """The first row of each key, in the table's order."""
    ranked = F.row_number().over(Window.partitionBy(*table.key).orderBy(*table.first))
    return rows.withColumn("rank", ranked).where("rank = 1").drop("rank")


def not_yet_stored(rows: DataFrame, name: str, table: Table, run: str, bounds: Bounds) -> DataFrame:
    """The rows that come before the stored row of their key, or have none. Stored rows are sought within the bounds.

    Rows that this very run stored before it died do not count as stored, so repeating the run counts the same.
    """
    stored = rows.sparkSession.table(name).where(F.col("run") != run).where(between(bounds, table))
    known = stored.select(*table.key, F.struct(*table.first).alias("stored/first"))
    known = known.toDF(*(f"stored/{key}" for key in table.key), "stored/first")
    same = reduce(lambda a, b: a & b, (F.col(key) == F.col(f"`stored/{key}`") for key in table.key))
    covered = same & (F.col("`stored/first`") <= F.struct(*table.first))
    return rows.join(known, covered, "left_anti")


def merge_first(spark: SparkSession, name: str, table: Table, rows: DataFrame, bounds: Bounds) -> None:
    """Merges rows into a table in one commit and keeps the first row of each key.

    Stored rows are sought within the bounds.
    """
    earlier = f"struct({listed(table.first, 's')}) <= struct({listed(table.first, 't')})"
    within = f" AND {between(bounds, table, 't.')}"
    merge_by_key(spark, name, table, rows, bounds=within, condition=f" AND {earlier}")


def append_new(spark: SparkSession, name: str, table: Table, rows: DataFrame) -> int:
    """Appends the rows whose key is not stored, in at most one commit; gives their number.

    For rows that never change and whose time is part of them.
    """
    wanted = as_stored(rows, spark, name).localCheckpoint()
    times = wanted.agg(*bounds_of(F.col(table.time), timedelta(0))).first()
    stored = spark.table(name).where(f"{between(times, table)} OR `{table.time}` IS NULL").select(*table.key)
    new = wanted.join(stored, list(table.key), "left_anti").select(*wanted.columns).localCheckpoint()
    count = new.count()
    if count:
        new.writeTo(name).append()
    return count


def merge_by_key(
    spark: SparkSession, name: str, table: Table, rows: DataFrame, *, bounds: str = "", condition: str = ""
) -> None:
    """Merges rows into a table in one commit; a row replaces the stored row of its key."""
    wanted = as_stored(rows, spark, name)
    if head(spark, name) is None:
        # With nothing to merge with, an append takes Spark half the time.
        wanted.writeTo(name).append()
        return
    # A view of its own: several tables may be merged into at once.
    wanted.createOrReplaceTempView(f"incoming_{table.name}")
    same = " AND ".join(f"t.`{key}` = s.`{key}`" for key in table.key)
    spark.sql(
        f"MERGE INTO {name} t USING incoming_{table.name} s ON {same}{bounds} "
        f"WHEN MATCHED{condition} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def listed(columns: tuple[str, ...], alias: str) -> str:
    return ", ".join(f"{alias}.`{column}`" for column in columns)


def bounds_of(time: Column, within: timedelta) -> tuple[Column, Column]:
    """Where rows of the same keys are sought: from `within` before the earliest to `within` after the latest."""
    return F.min(time) - F.lit(within), F.max(time) + F.lit(within)


def between(bounds: Bounds, table: Table, alias: str = "") -> str:
    """The bounds as a condition in SQL, by which Iceberg picks partitions."""
    first, last = (f"TIMESTAMP '{bound:%Y-%m-%d %H:%M:%S.%f}'" if bound else "NULL" for bound in bounds)
    return f"{alias}`{table.time}` BETWEEN {first} AND {last}"
