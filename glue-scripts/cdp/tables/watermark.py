"""Remembers how far a job has read.

The watermark is written last: a run that dies before it starts again from the same watermark and merges the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from cdp.tables.few_rows import few_rows
from cdp.tables.merge_by_key import merge_by_key
from cdp.tables.schema import ensure_table, read_table

WATERMARKS = read_table("watermarks")
COLUMNS = "job string, watermark timestamp, seen string"
FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Mark:
    """How far a job has read, and the name of what it saw then (`seen`), where it remembers that."""

    watermark: datetime | None = None
    seen: str | None = None


def read_marks(spark: SparkSession, database: str) -> dict[str, Mark]:
    """The marks of all jobs that ever finished, as they were at one moment."""
    table = spark.table(ensure_table(spark, database, WATERMARKS))
    at = F.date_format("watermark", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
    rows = table.select("job", at, "seen").collect()
    return {job: Mark(datetime.strptime(text, FORM).replace(tzinfo=UTC), seen) for job, text, seen in rows}


def read_watermark(spark: SparkSession, database: str, job: str) -> datetime | None:
    """The watermark of a job; None if the job never finished."""
    return read_marks(spark, database).get(job, Mark()).watermark


def commit_marks(spark: SparkSession, database: str, marks: Mapping[str, Mark]) -> None:
    """Records that everything written until then is in the tables. Either all marks are recorded or none."""
    rows = [
        {"job": job, "watermark": mark.watermark.strftime(FORM), "seen": mark.seen}
        for job, mark in marks.items()
        if mark.watermark is not None
    ]
    merge_by_key(spark, ensure_table(spark, database, WATERMARKS), WATERMARKS, few_rows(spark, COLUMNS, rows))


def commit_watermark(spark: SparkSession, database: str, job: str, watermark: datetime) -> None:
    """As `commit_marks`, of one job that remembers no more."""
    commit_marks(spark, database, {job: Mark(watermark)})


def name_of_run(watermark: datetime | None) -> str:
    """The name of a run: the watermark that it starts from, so that repeating it after a crash is the same run."""
    return "first" if watermark is None else watermark.strftime(FORM)
