"""Erases people from all tables: what the list of barriers says of them, and what is known of their profiles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.stated import Rules
from cdp.erasing.delete_rows import delete_rows
from cdp.erasing.erased_differences import NO_IDENTIFIER, erased_names
from cdp.erasing.erased_entries import entries_of, erased_entries
from cdp.erasing.erased_events import erased_events, erased_lines, told_by_platform
from cdp.erasing.erased_ids import ERASED, erased_ids, remember_erased
from cdp.identity.sightings import SIGHTINGS, lacks
from cdp.tables.watermark import Mark, read_marks

HISTORIES = {
    "segment_membership": ("profile_id",),
    "profile_differences": ("profile_id", "in_table", "in_lake"),
    "identity_suggestions": ("profile_id", "other_profile_id"),
}
"""Tables that keep what was once true of a profile, and their columns of profile ids.

Jobs make all other tables again without people whose events are nobody's.
"""


class Found(NamedTuple):
    """Events that are to be erased, by the table that shows it: `event_id`, `message_id` and `timestamp`."""

    by_sightings: DataFrame
    by_events: DataFrame

    def both(self) -> DataFrame:
        return self.by_sightings.union(self.by_events).distinct()


class NotSighted(Exception):
    """Whom some events name is not known yet, so nobody can say that none of them is left."""


@dataclass(frozen=True)
class Eraser:
    """Erases people from those tables of a database that are there."""

    spark: SparkSession
    database: str
    tables: Collection[str]
    erasures: Barriers
    rules: Rules

    def erase(self) -> dict[str, int]:
        """One run; gives how many rows went, by table.

        What shows whom to erase goes last, so that a run which dies is followed by one that finds them again.
        """
        marks = read_marks(self.spark, self.database)
        if lacks(*(marks.get(of, Mark()).watermark for of in ("events", SIGHTINGS))):
            raise NotSighted("sightings lacks rows of events: run the job events, then this one")
        found = self.found() if {"events", SIGHTINGS} <= set(self.tables) else None
        gone = self.of_profiles(found) if {"identity_log", "event_profiles"} <= set(self.tables) else {}
        if "profile_differences" in self.tables:
            gone["profile_differences"] = gone.get("profile_differences", 0) + self.differences()
        if "rejected_events" in self.tables:
            gone["rejected_events"] = self.refused()
        if found is not None:
            # Each table goes last for those whom only it shows.
            gone["events"] = self.of_events("events", found.by_sightings)
            gone[SIGHTINGS] = self.of_events(SIGHTINGS, found.both())
            gone["events"] += self.of_events("events", found.by_events)
        return {name: rows for name, rows in gone.items() if rows}

    def found(self) -> Found:
        by_events = told_by_platform(self.table("events"), self.erasures, self.rules)
        return Found(erased_events(self.table(SIGHTINGS), self.erasures), by_events)

    def of_events(self, table: str, events: DataFrame) -> int:
        return delete_rows(self.spark, self.name(table), "event_id", events.select("event_id"))

    def of_profiles(self, found: Found | None) -> dict[str, int]:
        """Rows by profile ids, and the entries of the log that tell whose these were."""
        log = self.table("identity_log")
        owners = self.table("event_profiles")
        of_identifiers, profiles = erased_entries(log, owners, self.erasures)
        remember_erased(self.spark, self.database, profiles, self.erasures.newest_erasure)
        ids = erased_ids(self.spark, self.database).localCheckpoint()
        gone = {
            table: sum(delete_rows(self.spark, self.name(table), column, ids) for column in columns)
            for table, columns in HISTORIES.items()
            if table in self.tables
        }
        events = log.select("message_id", "timestamp").limit(0) if found is None else found.both()
        entries = of_identifiers.union(entries_of(self.table("identity_log"), ids, events))
        gone["identity_log"] = delete_rows(
            self.spark, self.name("identity_log"), "entry_hash", entries, but=f"kind = '{ERASED}'"
        )
        return gone

    def differences(self) -> int:
        name = self.name("profile_differences")
        names = erased_names(self.spark.table(name), self.erasures)
        return delete_rows(self.spark, name, "name", names, but=NO_IDENTIFIER)

    def refused(self) -> int:
        name = self.name("rejected_events")
        # Lines are read as the job events reads them.
        self.spark.conf.set("spark.sql.caseSensitive", "true")
        try:
            lines = erased_lines(self.spark.table(name), self.erasures, self.rules)
        finally:
            self.spark.conf.unset("spark.sql.caseSensitive")
        return delete_rows(self.spark, name, "line_hash", lines)

    def table(self, name: str) -> DataFrame:
        return self.spark.table(self.name(name))

    def name(self, table: str) -> str:
        return f"lake.{self.database}.{table}"
