"""Appends the lines of a zone to a table, from where the last run ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

from cdp.raw.zone import list_objects, mark_of, name_of_objects, read_lines
from cdp.tables.merge_by_key import append_new
from cdp.tables.schema import Table, ensure_table
from cdp.tables.watermark import Mark, commit_marks, read_marks

OVERLAP, LOOKBACK = timedelta(minutes=10), timedelta(hours=48)


def append_lines(
    spark: SparkSession,
    database: str,
    zone: str,
    *,
    job: str,
    table: Table,
    rows: Callable[[DataFrame], DataFrame],
    now: datetime,
) -> int:
    """Appends the rows of new lines, one for each key; gives their number.

    The mark of `job` comes last. Objects of the overlap are read again only beside new ones.
    """
    name, last = ensure_table(spark, database, table), read_marks(spark, database).get(job, Mark())
    objects = list_objects(spark, zone, since=last.watermark, now=now, overlap=OVERLAP, lookback=LOOKBACK)
    if not objects or last.seen == name_of_objects(objects):
        return 0
    count = append_new(spark, name, table, rows(read_lines(spark, objects)).dropDuplicates(list(table.key)))
    commit_marks(spark, database, {job: mark_of(objects, last.watermark, OVERLAP)})
    return count
