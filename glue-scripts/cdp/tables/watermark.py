"""Remembers how far a job has read.

The watermark is written last: a run that dies before it starts again from the same watermark and merges the same rows.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from cdp.tables.few_rows import few_rows
from cdp.tables.merge_by_key import merge_by_key
from cdp.tables.schema import ensure_table, read_table

WATERMARKS = read_table("watermarks")
FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def read_watermark(spark: SparkSession, database: str, job: str) -> datetime | None:
    """The watermark of a job; None if the job never finished."""
    table = spark.table(ensure_table(spark, database, WATERMARKS))
    row = table.where(F.col("job") == job).select(F.date_format("watermark", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")).first()
    return None if row is None else datetime.strptime(row[0], FORM).replace(tzinfo=UTC)


def commit_watermark(spark: SparkSession, database: str, job: str, watermark: datetime) -> None:
    """Records that everything written until then is in the tables."""
    commit_watermarks(spark, database, {job: watermark})


def commit_watermarks(spark: SparkSession, database: str, watermarks: Mapping[str, datetime]) -> None:
    """As `commit_watermark`, of several at once: either all are recorded or none."""
    rows = [{"job": job, "watermark": watermark.strftime(FORM)} for job, watermark in watermarks.items()]
    stated = few_rows(spark, "job string, watermark timestamp", rows)
    merge_by_key(spark, ensure_table(spark, database, WATERMARKS), WATERMARKS, stated)


def name_of_run(watermark: datetime | None) -> str:
    """The name of a run: the watermark that it starts from, so that repeating it after a crash is the same run."""
    return "first" if watermark is None else watermark.strftime(FORM)
