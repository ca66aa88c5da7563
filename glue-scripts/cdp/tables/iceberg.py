"""Reads what Iceberg itself knows of a table, without a query."""

from py4j.java_gateway import JavaObject
from pyspark.sql import SparkSession


def load(spark: SparkSession, name: str) -> JavaObject:
    """The table in Iceberg's library, `org.apache.iceberg.Table`, as it is now."""
    java = spark.sparkContext._jvm
    if "Spark3Util" not in vars(java):
        # Looked up once, as in `session.knowing_classes`.
        java.Spark3Util = java.org.apache.iceberg.spark.Spark3Util
    table = java.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    table.refresh()
    return table


def head(spark: SparkSession, name: str) -> int | None:
    """The id of the newest snapshot; None for a table that was never written to."""
    newest = load(spark, name).currentSnapshot()
    return None if newest is None else newest.snapshotId()


def last_change(spark: SparkSession, name: str) -> int | None:
    """The id of the newest snapshot that changed rows, as far as snapshots are kept; None if nothing was ever written.

    Compacting a table makes a snapshot, too, and changes no row.
    """
    table = load(spark, name)
    newest = table.currentSnapshot()
    while newest is not None and newest.operation() == "replace" and newest.parentId() is not None:
        before = table.snapshot(newest.parentId())
        if before is None:
            break
        newest = before
    return None if newest is None else newest.snapshotId()


def added_rows(spark: SparkSession, name: str) -> int:
    """How many rows the newest snapshot added."""
    newest = load(spark, name).currentSnapshot()
    return 0 if newest is None else int(newest.summary().get("added-records") or 0)


def measure(table: JavaObject) -> dict[str, int]:
    """How many files, manifests and snapshots a table has."""
    newest = table.currentSnapshot()
    if newest is None:
        return {"data_files": 0, "delete_files": 0, "manifests": 0, "snapshots": 0}
    totals = newest.summary()
    files = {f"{kind}_files": int(totals.get(f"total-{kind}-files") or 0) for kind in ("data", "delete")}
    return {**files, "manifests": newest.allManifests(table.io()).size(), "snapshots": table.snapshots().size()}


def has_snapshots_before(table: JavaObject, milliseconds: int) -> bool:
    """Whether a snapshot other than the newest is older than a moment, in milliseconds since 1970."""
    newest = table.currentSnapshot()
    return any(
        one.timestampMillis() < milliseconds and one.snapshotId() != newest.snapshotId() for one in table.snapshots()
    )


def has_files_before(table: JavaObject, milliseconds: int) -> bool:
    """Whether any file at the table's location, known to it or not, is older than a moment."""
    return any(file.createdAtMillis() < milliseconds for file in table.io().listPrefix(table.location()).iterator())
