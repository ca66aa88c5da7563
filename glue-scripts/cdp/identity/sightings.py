"""Makes the table `sightings`: whom each event names, read once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from unicodedata import unidata_version

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from cdp.identity.claims import Event
from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.former_names import named_then, released_by, releases
from cdp.identity.identifiers import COLUMNS, never_later, reader
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.tables.iceberg import head
from cdp.tables.schema import as_stored
from cdp.tables.watermark import Mark, commit_watermark
from cdp.values.event_key import Key
from cdp.values.phone import METADATA

SIGHTINGS = "sightings"
"""The table, and its own row among the watermarks: until there, it has every row of `events`."""
CODE = (
    *(("cdp.identity", name) for name in ("claims", "former_names", "identifiers")),
    *(("cdp.identity", name) for name in ("limits", "normal_form", "placement", "sightings")),
    *(("cdp.values", name) for name in ("email", "event_key", "exact_json", "phone", "text")),
    ("cdp.stream", "put_events"),
)
"""Modules on which depends whom an event names."""
SETTINGS = ("identifiers", "blockedValues", "blocked", "priority")
"""Rules of identity on which it depends. No limit, cap or breaker is among them."""
NAMED = "struct<users: array<string>, accounts: array<string>, blocked: array<string>, released: string>"
NOBODY = ([], [], [], None)


@dataclass(frozen=True)
class Reading:
    """By what events are read: the rules of identity, countries of sources, and events that name accounts."""

    rules: dict
    countries: Mapping[str, str] = field(default_factory=dict)
    of_accounts: frozenset[Key] = frozenset()

    @property
    def name(self) -> str:
        """Another one as soon as anything differs on which depends whom an event names.

        Sixteen digits, so that Iceberg has it whole in the bounds of a file's column.
        """
        settings = {name: self.rules[name] for name in SETTINGS}
        keys = sorted((type_, name or "") for type_, name in self.of_accounts)
        stated = json.dumps([settings, dict(self.countries), keys, METADATA, unidata_version], sort_keys=True)
        code = b"".join(files(package).joinpath(f"{name}.py").read_bytes() for package, name in CODE)
        return hashlib.sha256(stated.encode() + code).hexdigest()[:16]

    def read(self, events: DataFrame) -> DataFrame:
        """Rows of `sightings` for rows of `events`. An event that cannot be read names nobody."""
        # Not by `self`: workers would load this module, and with it all that resolves graphs.
        read, rules = reader(self.rules, self.countries, self.of_accounts), self.rules

        def named(event: Event) -> tuple:
            return (*read(event), released_by(event, rules))

        return events.select(
            "event_id",
            "message_id",
            never_later(),
            "received_at",
            (F.col("source_id") == PLATFORM).alias("by_platform"),
            F.udf(isolated(named, NOBODY), NAMED)(F.struct(*COLUMNS)).alias("named"),
            F.lit(self.name).alias("reading"),
            "line_hash",
            "run",
        ).select("*", "named.*")


def is_outdated(spark: SparkSession, name: str, events: str, reading: Reading) -> bool:
    """Whether some rows were read by other settings, or there are none though there are events.

    Compared so that Iceberg knows from its files' bounds, without reading them.
    """
    if head(spark, name) is None:
        return head(spark, events) is not None
    other = (F.col("reading") < reading.name) | (F.col("reading") > reading.name)
    return not spark.table(name).where(other).isEmpty()


def keep_read(spark: SparkSession, database: str, reading: Reading, marks: Mapping[str, Mark]) -> None:
    """Reads all events again if they were read otherwise than now, or if there are some that nobody has read.

    `marks` say how far the job `events` has come, and this table. Rows are one commit: whoever reads the table
    meanwhile sees all of one reading.
    """
    name, events = (f"lake.{database}.{table}" for table in (SIGHTINGS, "events"))
    read, sighted = (marks.get(of, Mark()).watermark for of in ("events", SIGHTINGS))
    is_behind = lacks(read, sighted)
    if is_behind or is_outdated(spark, name, events, reading):
        as_stored(reading.read(spark.table(events)), spark, name).writeTo(name).overwrite(F.lit(True))
    if is_behind:
        commit_watermark(spark, database, SIGHTINGS, read)


def lacks(read: datetime | None, sighted: datetime | None) -> bool:
    """Whether the job `events` has come further than the table: a release that does not know the table ran."""
    return read is not None and (sighted is None or sighted < read)


def by_collection(rows: DataFrame) -> DataFrame:
    """One row for each event and collection in which it names somebody.

    Columns: `event_id`, `message_id`, `collection`, `timestamp`, `received_at`, `identifiers`, `by_platform`.
    """
    either = F.array(
        *(F.struct(F.lit(of).alias("collection"), F.col(of).alias("identifiers")) for of in (USERS, ACCOUNTS))
    )
    named = rows.select("event_id", "message_id", "timestamp", "received_at", "by_platform", F.inline(either))
    return named.where(F.size("identifiers") > 0)


def named_events(rows: DataFrame) -> DataFrame:
    """Rows of `sightings`, `by_collection`, by the names that identifiers had when each event happened.

    A message that `events` holds twice, because it came again too late, counts once: the first.
    """
    order = Window.partitionBy("event_id", "collection").orderBy("received_at")
    named = by_collection(rows).withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank")
    if rows.where("released is not null").isEmpty():
        return named.localCheckpoint()
    return named_then(named.localCheckpoint(), releases(rows).localCheckpoint()).localCheckpoint()
