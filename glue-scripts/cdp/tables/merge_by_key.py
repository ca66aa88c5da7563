"""Merges rows into tables by their keys, so that repeating a write changes nothing."""

from datetime import datetime, timedelta
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from cdp.tables.iceberg import head
from cdp.tables.schema import Table, as_stored

MET = "stored/met"
Bounds = tuple[datetime | None, datetime | None]
"""The earliest and the latest time of some rows; None without rows."""


def first_unstored(rows: DataFrame, name: str, table: Table, run: str, bounds: Bounds) -> DataFrame:
    """The first row of each key, unless the stored row of its key comes before it.

    Under `MET` it says whether its key is stored at all. Stored rows are sought within the bounds. Rows that this very
    run stored before it died do not count as stored before, so repeating the run counts the same.
    """
    stored = rows.sparkSession.table(name).where(between(bounds, table))
    earlier = F.when(F.col("run") != run, F.struct(*table.first))
    known = stored.select(*table.key, earlier.alias("stored/first"), F.lit(True).alias(MET))
    known = known.toDF(*(f"stored/{key}" for key in table.key), "stored/first", MET)
    same = reduce(lambda a, b: a & b, (F.col(key) == F.col(f"`stored/{key}`") for key in table.key))
    # A key may be stored more than once: what is known of it comes together where its first row is found.
    of_key = Window.partitionBy(*table.key)
    ranked = (
        rows.join(known, same, "left")
        .withColumns(
            {
                "rank": F.row_number().over(of_key.orderBy(*table.first)),
                "stored/first": F.min("`stored/first`").over(of_key),
                MET: F.count(f"`{MET}`").over(of_key) > 0,
            }
        )
        .where("rank = 1")
    )
    covered = F.coalesce(F.col("`stored/first`") <= F.struct(*table.first), F.lit(False))
    return ranked.where(~covered).drop("rank", "stored/first", *(f"stored/{key}" for key in table.key))


def merge_first(spark: SparkSession, name: str, table: Table, rows: DataFrame, bounds: Bounds | None) -> None:
    """Merges rows into a table in one commit and keeps the first row of each key.

    Stored rows are sought within the bounds; None when none of the keys is stored.
    """
    if bounds is None:
        append(spark, name, rows)
        return
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
    if head(spark, name) is None:
        append(spark, name, rows)
        return
    wanted = as_stored(rows, spark, name)
    # A view of its own: several tables may be merged into at once.
    wanted.createOrReplaceTempView(f"incoming_{table.name}")
    same = " AND ".join(f"t.`{key}` = s.`{key}`" for key in table.key)
    spark.sql(
        f"MERGE INTO {name} t USING incoming_{table.name} s ON {same}{bounds} "
        f"WHEN MATCHED{condition} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def append(spark: SparkSession, name: str, rows: DataFrame) -> None:
    """Adds rows of whose keys none is stored, in one commit; it takes Spark half the time of a merge."""
    as_stored(rows, spark, name).writeTo(name).append()


def listed(columns: tuple[str, ...], alias: str) -> str:
    return ", ".join(f"{alias}.`{column}`" for column in columns)


def bounds_of(time: Column, within: timedelta) -> tuple[Column, Column]:
    """Where rows of the same keys are sought: from `within` before the earliest to `within` after the latest."""
    return F.min(time) - F.lit(within), F.max(time) + F.lit(within)


def between(bounds: Bounds, table: Table, alias: str = "") -> str:
    """The bounds as a condition in SQL, by which Iceberg picks partitions."""
    first, last = (f"TIMESTAMP '{bound:%Y-%m-%d %H:%M:%S.%f}'" if bound else "NULL" for bound in bounds)
    return f"{alias}`{table.time}` BETWEEN {first} AND {last}"
