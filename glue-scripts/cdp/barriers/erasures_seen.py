"""Remembers up to which erasure each job of the chain has worked: a row among the watermarks for each of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pyspark.sql import SparkSession

from cdp.tables.watermark import Mark, commit_watermark, read_marks

Marks = Mapping[str, Mark]
"""The marks of all jobs."""


def seen_by(job: str, marks: Marks) -> datetime | None:
    """The time of the newest erasure that a job had seen when it last began; None if it has seen none."""
    return marks.get(name_of(job), Mark()).watermark


def remember_erasure(spark: SparkSession, database: str, job: str, newest: datetime | None, marks: Marks) -> None:
    """Says at the end of a job which erasure it had seen when it began, if it is another than before (`marks`)."""
    if newest is not None and newest != seen_by(job, marks):
        commit_watermark(spark, database, name_of(job), newest)


def seen_by_all(jobs: Iterable[str], marks: Marks) -> datetime | None:
    """The newest erasure that all of these jobs have seen; None if one of them has seen none."""
    seen = [seen_by(job, marks) for job in jobs]
    return None if None in seen else min(seen)


def name_of(job: str) -> str:
    return f"erasures of {job}"
