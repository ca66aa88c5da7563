"""Attempts to deliver, as the function that delivers recorded them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

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
