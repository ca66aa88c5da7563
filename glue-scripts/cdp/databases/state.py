"""Until where each object of a source was read. It is written after the rows, so a run that dies reads them again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from pyspark.sql import SparkSession

from cdp.databases.columns import Column, types_of
from cdp.databases.declared import Read
from cdp.spark.files import read_file, write_file


@dataclass(frozen=True)
class Known:
    """What the last read of an object left."""

    bound: datetime | None
    full_at: datetime
    columns: dict[str, str]
    declared: str
    """How it was read; another declaration begins from the start."""


def declaration(read: Read) -> str:
    said = asdict(read)
    return json.dumps([said[name] for name in ("rows", "key", "table", "query", "cursor", "deleted")])


class State:
    """The state of a source in a file of the lake."""

    def __init__(self, spark: SparkSession, path: str) -> None:
        self._spark, self._path = spark, path
        self._objects: dict = json.loads(read_file(spark, path) or "{}")

    def of(self, read: Read) -> Known | None:
        """What is known of an object; None if nothing is, or if it was declared otherwise."""
        kept = self._objects.get(read.object)
        if kept is None or kept["declared"] != declaration(read):
            return None
        bound = kept["bound"]
        return Known(
            None if bound is None else datetime.fromisoformat(bound),
            datetime.fromisoformat(kept["fullAt"]),
            kept["columns"],
            kept["declared"],
        )

    def keep(self, read: Read, bound: datetime | None, full_at: datetime, columns: list[Column]) -> None:
        self._objects[read.object] = {
            "bound": None if bound is None else bound.isoformat(),
            "fullAt": full_at.isoformat(),
            "columns": types_of(columns),
            "declared": declaration(read),
        }
        write_file(self._spark, self._path, json.dumps(self._objects, indent=1))
