"""Appends the lines of a zone to a table, from where the last run ended."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

from cdp.raw.zone import list_objects, read_lines
from cdp.tables.merge_by_key import append_new
from cdp.tables.schema import Table, ensure_table
from cdp.tables.watermark import commit_watermark, read_watermark

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

    The watermark of `job` comes last, and only when it moves.
    """
    name, since = ensure_table(spark, database, table), read_watermark(spark, database, job)
    objects = list_objects(spark, zone, since=since, now=now, overlap=OVERLAP, lookback=LOOKBACK)
    newest = max((found.written_at for found in objects), default=None)
    if newest is None:
        return 0
    count = append_new(spark, name, table, rows(read_lines(spark, objects)).dropDuplicates(list(table.key)))
    if since is None or newest > since:
        commit_watermark(spark, database, job, newest)
    return count
