"""Writes what a read gave where imports look for it."""

import json
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from cdp.spark.files import write_file


@dataclass(frozen=True)
class Load:
    """One read of one object."""

    lake: str
    source: str
    object: str
    started_at: datetime

    @property
    def id(self) -> str:
        return f"{instant(self.started_at).translate(str.maketrans('', '', '-:.'))}-{self.object}"


def instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def write_records(spark: SparkSession, load: Load, lines: DataFrame, *, complete: bool) -> int:
    """Writes rows of records, and last of all the load's manifest; gives how many rows there are."""
    folder = f"{load.lake}/imports/rows/{load.source}/{load.id}"
    counts = Observation()
    seen = lines.observe(counts, F.count("*").alias("rows"))
    seen.write.mode("overwrite").option("compression", "gzip").text(f"{folder}/{load.object}")
    rows = int(counts.get["rows"])
    # Nothing new is no load. A table that is empty is one, and the guard against losses decides about it.
    if rows > 0 or complete:
        told = {"source": load.source, "load": load.id, "object": load.object, "complete": complete}
        write_file(spark, f"{folder}/manifest.json", json.dumps({**told, "startedAt": instant(load.started_at)}))
    return rows
