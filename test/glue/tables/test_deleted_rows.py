"""Whether files of a table still have rows that were deleted."""

from datetime import datetime, timedelta

import pytest
from cdp.tables.iceberg import has_deleted_rows, load, measure
from cdp.tables.upkeep import maintain

DATABASE, LARGE, SMALL = "deleted_rows", 20_000, 3


@pytest.mark.parametrize("partition", ["", "PARTITIONED BY (part)"])
def test_a_delete_of_a_file_that_is_gone_deletes_nothing_more(spark, partition):
    """A large file is as it should be and stays, and so does the delete file of a small one that was written again."""
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{DATABASE}")
    name = f"lake.{DATABASE}.{'parted' if partition else 'whole'}"
    properties = "TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')"
    spark.sql(f"CREATE TABLE {name} (n bigint, part int, text string) USING iceberg {partition} {properties}")
    for start, end in ((0, LARGE), (LARGE, LARGE + SMALL)):
        spark.range(start, end).selectExpr("id AS n", "1 AS part", "uuid() AS text").coalesce(1).writeTo(name).append()
    size = spark.table(f"{name}.files").selectExpr("max(file_size_in_bytes)").first()[0]
    spark.sql(f"ALTER TABLE {name} SET TBLPROPERTIES ('write.target-file-size-bytes'='{size}')")
    assert not has_deleted_rows(load(spark, name))
    spark.sql(f"DELETE FROM {name} WHERE n = {LARGE}")
    assert has_deleted_rows(load(spark, name))
    maintain(spark, name, timedelta(0), timedelta(3), datetime.now)
    table = load(spark, name)
    left = {"data_files": 2, "delete_files": 1}
    assert {kind: measure(table)[kind] for kind in left} == left
    assert not has_deleted_rows(table)
    assert spark.table(name).count() == LARGE + SMALL - 1
