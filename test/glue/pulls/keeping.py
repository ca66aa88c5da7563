"""The table `records` in memory: the job's own rule of what changes, with the order of its comparison."""

import gzip
from collections.abc import Mapping
from typing import Any

from cdp.pulls.loads import Load
from cdp.records.decide import decide
from cdp.records.load import Load as RecordLoad
from cdp.records.load import RecordObject
from cdp.records.read_row import read_line
from cdp.values.exact_json import read_json
from pulling import Reader


class Kept:
    """Takes loads as the job does, and notes what would be sent of each."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.records: dict[str, dict] = {}
        self.sent: list[tuple[str, str, dict]] = []
        """Id, kind and changed columns."""

    def settle(self, load: Load, declared: Mapping[str, Any]) -> bool:
        of = RecordObject.declared(load.source, load.object, declared)
        at = RecordLoad(load.id, load.began, load.is_complete)
        said = self.rows_of(load, of, at)
        for key in said.keys() | (self.records.keys() if load.is_complete else set()):
            self.change(key, decide(self.records.get(key), said.get(key), of, at), at)
        return True

    def rows_of(self, load: Load, of: RecordObject, at: RecordLoad) -> dict[str, dict]:
        """The last row of each record."""
        pieces = sorted(key for key in self.reader.objects if key.startswith(f"{load.prefix}/{load.object}/"))
        lines = [line for key in pieces for line in gzip.decompress(self.reader.objects[key]).decode().splitlines()]
        rows = [read_line(line, of, at.started) for line in lines]
        assert not [row for row in rows if "bad" in row]
        rows.sort(key=lambda row: (row["version"], row["place"], row["deleted"], row["columns"]))
        return {row["id"]: row for row in rows}

    def change(self, key: str, decided: dict | None, at: RecordLoad) -> None:
        if decided is None:
            return
        self.records[key] = {**decided, "started": at.started, "load": at.id}
        if decided["kind"] != "noted":
            self.sent.append((key, decided["kind"], read_json(decided["changed"])))

    def news(self) -> list[tuple[str, str, dict]]:
        """What was sent since it was asked last."""
        news, self.sent = self.sent, []
        return news
