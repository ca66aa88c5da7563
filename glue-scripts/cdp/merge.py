"""Writes that may be repeated: rows are merged by their table's key, so that a second time changes nothing."""

from datetime import timedelta
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.schema import Table, as_stored


def not_yet_stored(rows: DataFrame, name: str, table: Table, run: str, within: timedelta) -> DataFrame:
    """The rows that come before what is stored under their key, or have nothing stored there.

    What this very run stored before it died counts as not stored, so that running it again counts the same.
    """
    bounds = time_bounds(rows, table, within)
    stored = rows.sparkSession.table(name).where(F.col("run") != run)
    known = (stored.where(bounds) if bounds is not None else stored).select(*table.key, F.struct(*table.first).alias("stored/first"))
    known = known.toDF(*(f"stored/{key}" for key in table.key), "stored/first")
    same = reduce(lambda a, b: a & b, (F.col(key) == F.col(f"`stored/{key}`") for key in table.key))
    covered = same & (F.col("`stored/first`") <= F.struct(*table.first))
    return rows.join(known, covered, "left_anti")


def merge_first(spark: SparkSession, name: str, table: Table, rows: DataFrame, within: timedelta) -> None:
    """Merges rows into a table in one commit: of each key the first stays. Stored rows are looked for within so long before and after."""
    bounds = time_bounds(rows, table, within, "t.")
    if bounds is None:
        return
    earlier = f"struct({listed(table.first, 's')}) <= struct({listed(table.first, 't')})"
    merge(spark, name, table, rows, f" AND {bounds}", f" AND {earlier}")


def merge(spark: SparkSession, name: str, table: Table, rows: DataFrame, bounds: str = "", condition: str = "") -> None:
    """Merges rows into a table in one commit; a row replaces what is stored under its key."""
    as_stored(rows, spark, name).createOrReplaceTempView("incoming")
    same = " AND ".join(f"t.`{key}` = s.`{key}`" for key in table.key)
    spark.sql(
        f"MERGE INTO {name} t USING incoming s ON {same}{bounds} "
        f"WHEN MATCHED{condition} THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def listed(columns: tuple[str, ...], alias: str) -> str:
    return ", ".join(f"{alias}.`{column}`" for column in columns)


def time_bounds(rows: DataFrame, table: Table, within: timedelta, alias: str = "") -> str | None:
    """Where stored rows with the same keys are looked for, as SQL; None when there are no rows."""
    first, last = rows.agg(F.date_format(F.min(table.time) - F.expr(f"interval {within.days} days"), ISO), F.date_format(F.max(table.time) + F.expr(f"interval {within.days} days"), ISO)).first()
    return None if first is None else f"{alias}`{table.time}` BETWEEN TIMESTAMP '{first}' AND TIMESTAMP '{last}'"


ISO = "yyyy-MM-dd HH:mm:ss.SSSSSS"
