"""Keeps what a read gave in the lake, so that it is asked for once."""

from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Load:
    """One read of one object."""

    lake: str
    source: str
    object: str
    started_at: datetime
    complete: bool

    @property
    def id(self) -> str:
        return f"{instant(self.started_at).translate(str.maketrans('', '', '-:.'))}-{self.object}"

    @property
    def folder(self) -> str:
        return f"{self.lake}/imports/rows/{self.source}/{self.id}/{self.object}"


def instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def write_lines(load: Load, lines: DataFrame) -> int:
    """Writes the lines of a load; gives how many there are."""
    counts = Observation()
    seen = lines.observe(counts, F.count("*").alias("rows"))
    seen.write.mode("overwrite").option("compression", "gzip").text(load.folder)
    return int(counts.get["rows"])
