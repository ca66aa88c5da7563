"""Attempts to deliver, as the function that delivers recorded them, and how long they are kept."""

from datetime import datetime, timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

PERSON_DAYS = 10
"""Days for which an attempt says whom it was about. Nobody but the function that delivers has the key of the hash, so
no job can find the rows of somebody who is erased; old snapshots and files go within ten more days."""

ATTEMPT = (
    "id string, at timestamp, destination string, kind string, about string, stage string, outcome string, "
    "reason string, status int, attempt int, redriven boolean, items int, requests int, milliseconds int, "
    "batch int, sent bigint, answered bigint, person string"
)


def read_attempts(lines: DataFrame) -> DataFrame:
    """Lines as rows of the table `deliveries`. A line that is no attempt has no id or time and is left out."""
    attempt = F.from_json("line", ATTEMPT)
    return (
        lines.select(attempt.alias("attempt"))
        .where("attempt.id is not null and attempt.at is not null")
        .select(
            F.col("attempt.id").alias("attempt_id"),
            *(f"attempt.{name}" for name in ("at", "destination", "kind", "about", "stage", "outcome", "reason")),
            *(f"attempt.{name}" for name in ("status", "attempt")),
            F.coalesce("attempt.redriven", F.lit(False)).alias("redriven"),
            F.coalesce("attempt.items", F.lit(1)).alias("items"),
            "attempt.requests",
            F.col("attempt.milliseconds").alias("latency_ms"),
            "attempt.batch",
            F.col("attempt.sent").alias("bytes_sent"),
            F.col("attempt.answered").alias("bytes_answered"),
            "attempt.person",
        )
    )


def end(spark: SparkSession, name: str, now: datetime, days: int) -> None:
    """Removes attempts of days that are over, and from older ones than `PERSON_DAYS` whom they were about."""
    over, unnamed = (f"at < TIMESTAMP '{now.date() - timedelta(kept)} 00:00:00'" for kept in (days, PERSON_DAYS))
    if not spark.table(name).where(over).isEmpty():
        spark.sql(f"DELETE FROM {name} WHERE {over}")
    if not spark.table(name).where(f"{unnamed} AND person IS NOT NULL").isEmpty():
        spark.sql(f"UPDATE {name} SET person = NULL WHERE {unnamed} AND person IS NOT NULL")
