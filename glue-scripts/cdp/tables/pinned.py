"""A table as it was at one moment, whatever is written to it since."""

from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from cdp.tables.iceberg import last_change_of, load
from cdp.tables.schema import as_stored


@dataclass(frozen=True)
class Pinned:
    """The newest snapshot of a table at a moment (`head`), and the newest that changed rows (`change`).

    Both are None for a table that was never written to. Its `size` is how many rows its files have, deleted ones too.
    """

    spark: SparkSession
    name: str
    head: int | None
    change: int | None
    size: int

    def rows(self) -> DataFrame:
        return self.rows_at(self.head)

    def rows_at(self, snapshot: int | None) -> DataFrame:
        """The rows of a snapshot with the columns of now; a column that it did not have is null."""
        if snapshot is None:
            return self.spark.table(self.name).limit(0)
        rows = self.spark.read.option("snapshot-id", str(snapshot)).table(self.name)
        return as_stored(rows, self.spark, self.name)

    def was_only_appended_to(self, since: int | None) -> bool:
        """Whether every row of a snapshot is still there as it was. False, too, if the snapshot is no longer kept."""
        if since == self.head:
            return True
        table = load(self.spark, self.name)
        one = None if self.head is None else table.snapshot(self.head)
        while one is not None and one.snapshotId() != since:
            if one.operation() not in ("append", "replace") or one.parentId() is None:
                return False
            one = table.snapshot(one.parentId())
        return one is not None

    def appended(self, since: int | None) -> DataFrame:
        """The rows that were appended after a snapshot. Compacting a table appends none and hides none."""
        if since == self.head:
            return self.spark.table(self.name).limit(0)
        # Iceberg's own scan reads the files as they were appended, as long as their snapshots are kept.
        bounds = {"start-snapshot-id": str(since), "end-snapshot-id": str(self.head)}
        return as_stored(self.spark.read.format("iceberg").options(**bounds).load(self.name), self.spark, self.name)

    def last_change_of_ours(self) -> int | None:
        """The newest snapshot that changed rows, if all that came since the pinned one are of this application.

        Otherwise the pinned one: then the table is not as it left it.
        """
        table, ours = load(self.spark, self.name), self.spark.sparkContext.applicationId
        one = table.currentSnapshot()
        while one is not None and one.snapshotId() != self.head:
            if one.operation() != "replace" and one.summary().get("spark.app.id") != ours:
                return self.change
            one = None if one.parentId() is None else table.snapshot(one.parentId())
        return last_change_of(table) if one is not None or self.head is None else self.change


def pin(spark: SparkSession, name: str) -> Pinned:
    """The table as it is now."""
    table = load(spark, name)
    newest = table.currentSnapshot()
    if newest is None:
        return Pinned(spark, name, None, None, 0)
    size = int(newest.summary().get("total-records") or 0)
    return Pinned(spark, name, newest.snapshotId(), last_change_of(table), size)
