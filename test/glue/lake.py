"""A lake in a directory: what a test puts into its raw zone, runs of the job over it, and its tables as rows."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from jobs import events

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "test/fixtures/lake-config.json"
PLAIN = {"columns": [], "standardize": [], "missing": [], "enrich": {}, "derive": [], "countries": {}}


def event(message_id: str, **fields: object) -> dict:
    """An accepted event, as the raw zone holds it."""
    return {
        "type": "track",
        "event": "Product Viewed",
        "messageId": message_id,
        "anonymousId": "a1",
        "sourceId": "storefront",
        "timestamp": "2026-05-01T10:00:00.000Z",
        "receivedAt": "2026-05-01T10:00:01.000Z",
        **fields,
    }


class Lake:
    """One database and one raw zone of their own."""

    def __init__(self, spark, directory: Path, config: dict | None = None):
        self.spark, self.directory, self.database = spark, directory, f"cdp_{directory.name.replace('-', '_')}"
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{self.database}")
        self.configure(config or PLAIN)

    def configure(self, config: dict) -> None:
        (self.directory / "config.json").write_text(json.dumps(config))

    def put(self, key: str, lines: list[dict | str], written_at: datetime) -> None:
        """Writes an object as Firehose does, at a time of the test's choosing."""
        path = self.directory / "raw" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_bytes(gzip.compress("".join(f"{text}\n" for text in texts).encode()))
        os.utime(path, (written_at.timestamp(), written_at.timestamp()))

    def run(self) -> dict[tuple[str, str, str], int]:
        """Runs the job once; gives what it counted."""
        given = ["--database", self.database, "--lake", str(self.directory), "--config", str(self.directory / "config.json"), "--JOB_NAME", "events"]
        return {measure[:3]: measure[3] for measure in events.run_job(self.spark, events.arguments(given))}

    def table(self, name: str, *, without: tuple[str, ...] = ("run",)):
        rows = self.spark.table(f"lake.{self.database}.{name}").drop(*without)
        return rows.orderBy(*rows.columns)

    def rows(self, name: str, *columns: str) -> list[tuple]:
        return sorted(tuple(row) for row in self.table(name).select(*columns).collect())


def hour(n: int) -> datetime:
    """The n-th hour of 1 May 2026."""
    return datetime(2026, 5, 1 + n // 24, n % 24, tzinfo=UTC)
