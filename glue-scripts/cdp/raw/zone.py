"""Zones of the lake that Firehose writes, such as the raw zone: gzip NDJSON below `raw/yyyy/MM/dd/HH/`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.tables.few_rows import few_rows
from cdp.tables.seen import name_of
from cdp.tables.watermark import Mark

REPLAYED = r'^\{"replayed":"(raw|forward|import)",'
"""The beginning of a line whose original is in the raw zone, too (`lambdas/core/replay/line.ts`).

The rest is the original line.
"""
HELD_ALREADY = r'^\{"replayed":"(quarantine|lake)",'

KEY = r"/(\w+/(\d{4}/\d{2}/\d{2}/\d{2})/[^/]+)$"


@dataclass(frozen=True)
class RawObject:
    """An object of a zone, the time at which it was written, to the second on S3, and its bytes."""

    path: str
    written_at: datetime
    size: int = 0


def list_objects(
    spark: SparkSession, zone: str, *, since: datetime | None, now: datetime, overlap: timedelta, lookback: timedelta
) -> list[RawObject]:
    """Lists a zone's objects written later than `overlap` before `since`, oldest first; all if `since` is None.

    It looks only into days of arrival from `lookback` before `since` until `now`: Firehose names an object by the
    arrival of its first record and tries for 24 h to write it. `overlap` finds objects that became visible later than
    others written after them.
    """
    days = "*/*/*" if since is None else f"{{{','.join(days_between(since - lookback, now + timedelta(hours=1)))}}}"
    jvm = spark.sparkContext._jvm
    pattern = jvm.org.apache.hadoop.fs.Path(f"{zone}/{days}/*/*")
    statuses = pattern.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).globStatus(pattern) or []
    objects = [
        RawObject(
            status.getPath().toString(),
            datetime.fromtimestamp(status.getModificationTime() / 1000, UTC),
            status.getLen(),
        )
        for status in statuses
        if status.isFile()
    ]
    recent = [found for found in objects if since is None or found.written_at > since - overlap]
    return sorted(recent, key=lambda found: (found.written_at, found.path))


def newest(objects: list[RawObject], since: datetime | None) -> datetime | None:
    """The next watermark of who has read the objects; it never goes back."""
    return max([found.written_at for found in objects] + ([since] if since else []), default=None)


def name_of_objects(objects: list[RawObject], *settings: object) -> str:
    """The name of these objects, as they are now, and of settings by which they are read, values of JSON."""
    return name_of([[found.path, found.written_at.isoformat(), found.size] for found in objects], settings)


def mark_of(objects: list[RawObject], since: datetime | None, overlap: timedelta, *settings: object) -> Mark:
    """What to remember of objects that were read: the next run from this watermark finds the newest of them again."""
    watermark = newest(objects, since)
    again = [found for found in objects if found.written_at > watermark - overlap]
    return Mark(watermark, name_of_objects(again, *settings))


def read_until(spark: SparkSession, zone: str, since: datetime | None, now: datetime) -> datetime:
    """Until when everything that was written to a zone has been read, by the watermark of who reads it."""
    lookback = timedelta(hours=48)
    unread = list_objects(spark, zone, since=since, now=now, overlap=timedelta(0), lookback=lookback)
    return min((found.written_at for found in unread), default=now)


def days_between(start: datetime, end: datetime) -> list[str]:
    """Every day from `start` to `end` as keys have it, e.g. 2026/05/01."""
    return [(start + timedelta(n)).strftime("%Y/%m/%d") for n in range((end.date() - start.date()).days + 1)]


def read_lines(spark: SparkSession, objects: list[RawObject]) -> DataFrame:
    """Every line that is not blank, as first sent: `line`, `line_hash`, the `object` (key) and the hour `arrived_at`.

    Lines resent from the quarantine or the lake are left out: the raw zone holds them since they came first.
    """
    lines = spark.read.text([found.path for found in objects]) if objects else few_rows(spark, "value string", [])
    path = F.col("_metadata.file_path") if objects else F.lit(None).cast("string")
    line = F.regexp_replace("value", REPLAYED, "{")
    placed = (
        lines.where(~F.col("value").rlike(HELD_ALREADY))
        .select(line.alias("line"), path.alias("path"))
        .where(F.trim("line") != "")
    )
    return placed.select(
        "line",
        F.sha2("line", 256).alias("line_hash"),
        F.regexp_extract("path", KEY, 1).alias("object"),
        F.to_timestamp(F.regexp_extract("path", KEY, 2), "yyyy/MM/dd/HH").alias("arrived_at"),
    )
