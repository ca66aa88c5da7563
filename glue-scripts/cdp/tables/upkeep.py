"""Keeps one Iceberg table small: few files and manifests, no old snapshots, no orphan files."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from cdp.tables.iceberg import (
    drop_removed_entries,
    has_files_before,
    has_removed_entries,
    has_snapshots_before,
    load,
    measure,
)

Clock = Callable[[tzinfo], datetime]
"""Tells the time."""
COMPACTION = {
    "min-input-files": "2",
    "delete-file-threshold": "1",
    "use-starting-sequence-number": "false",
    "remove-dangling-deletes": "true",
}
"""Two small files of a partition, or one deleted row, are enough; files of the right size stay.

New files get a new sequence number, so deletes for rows of the old files no longer apply, and go. That is safe while
Spark writes no equality deletes. `rewrite_position_delete_files` would do it, too, but fails for tables with lists.
"""


def maintain(spark: SparkSession, name: str, keep: timedelta, orphans: timedelta, clock: Clock) -> dict:
    """Maintains one table; gives its measures before and after, and how many orphan files it removed.

    A step with nothing to do does not start: each is a Spark job. What a step replaces is old for those after it, so
    that of a table whose snapshots are not kept (`keep`) one run leaves the newest alone.
    """

    def call(procedure: str, **given: str) -> list:
        named_arguments = ", ".join(
            f"{argument} => {value}" for argument, value in {"table": f"'{name}'", **given}.items()
        )
        return spark.sql(f"CALL lake.system.{procedure}({named_arguments})").collect()

    table = load(spark, name)
    before = measure(table)
    if before["data_files"] > 1 or before["delete_files"] > 0:
        call(
            "rewrite_data_files",
            options=f"map({', '.join(repr(text) for pair in COMPACTION.items() for text in pair)})",
        )
    if before["manifests"] > 1:
        call("rewrite_manifests", use_caching="false")
    if has_removed_entries(load(spark, name)):
        drop_removed_entries(spark, load(spark, name))
    now = clock(UTC)
    if has_snapshots_before(load(spark, name), milliseconds(now - keep)):
        call("expire_snapshots", older_than=instant(now - keep), retain_last="1")
    removed = []
    if has_files_before(table, milliseconds(now - orphans)):
        # Lists through the table's own file access, which knows every scheme that its addresses may have.
        removed = call("remove_orphan_files", older_than=instant(now - orphans), prefix_listing="true")
    return {"table": name, "before": before, "after": measure(load(spark, name)), "orphan_files_removed": len(removed)}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def instant(moment: datetime) -> str:
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f}'"


def reason(error: Exception) -> str:
    """The error in one line."""
    text = str(error.java_exception) if isinstance(error, Py4JJavaError) else str(error)
    return text.splitlines()[0]
