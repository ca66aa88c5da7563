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


def has_removed_entries(table: JavaObject) -> bool:
    """Whether a manifest of the newest snapshot still names files that this snapshot removed.

    Such an entry keeps the bounds of the file's columns: the first signs of the smallest and the largest value.
    """
    newest = table.currentSnapshot()
    return newest is not None and any(
        one.deletedFilesCount() is None or one.deletedFilesCount() > 0 for one in newest.dataManifests(table.io())
    )


def drop_removed_entries(spark: SparkSession, table: JavaObject) -> None:
    """Writes the manifests of data files again, in one commit and without Spark, so that only live files are named.

    The procedure `rewrite_manifests` leaves a single manifest as it is.
    """
    java = spark.sparkContext._jvm
    handles, any_object = java.java.lang.invoke.MethodHandles, java.java.lang.Class.forName("java.lang.Object")
    arguments = java.java.util.ArrayList()
    arguments.add(any_object)
    same = handles.dropArguments(handles.constant(any_object, "all"), 0, arguments)
    function = java.java.lang.Class.forName("java.util.function.Function")
    together = java.java.lang.invoke.MethodHandleProxies.asInterfaceInstance(function, same)
    table.rewriteManifests().clusterBy(together).commit()


def has_deleted_rows(table: JavaObject) -> bool:
    """Whether a data file of the newest snapshot still has rows that were deleted.

    A delete file proves nothing: compaction leaves it behind as long as any older data file is left, and it names only
    what is gone. What it still deletes is known to a scan.
    """
    if measure(table)["delete_files"] == 0:
        return False
    files = table.newScan().planFiles()
    try:
        return any(not one.deletes().isEmpty() for one in files.iterator())
    finally:
        files.close()


def proves_nothing(table: JavaObject, milliseconds: int) -> str | None:
    """Why rows that were deleted before a moment may still be in files of a table; None if they are in none.

    It looks at what is there after upkeep: the newest snapshot must have nothing of them, and no other one may be left
    from before that moment.
    """
    newest = table.currentSnapshot()
    if newest is None:
        return None
    if others := sorted(name for name in table.refs() if name != "main"):
        return f"keeps old rows by its tags and branches: {', '.join(others)}"
    if has_deleted_rows(table):
        return "has deleted rows in its files"
    if has_removed_entries(table):
        return "names removed files in its manifests"
    return "has snapshots that are too old" if has_snapshots_before(table, milliseconds) else None
