"""Compares an export of the profile table with the lake's profiles, and sends events that mend the differences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.comparison.corrections import NONE, correction_lines, with_repair
from cdp.comparison.differences import differences, lake_profiles
from cdp.comparison.events_again import event_lines
from cdp.comparison.left_out import parted_by_log, put_aside
from cdp.comparison.segments_then import segments_then
from cdp.comparison.stored_profile import stored_profiles
from cdp.comparison.table_export import Export
from cdp.comparison.waiting import awaited, generations_in, is_all_there, moved_through, waiting, without
from cdp.profiles.profile_rows import owned_events
from cdp.profiles.traits import survivors
from cdp.tables.merge_by_key import merge_by_key
from cdp.tables.schema import ensure_table, read_table

DIFFERENCES = read_table("profile_differences")
Send = Callable[[DataFrame], int]
"""Puts rows of `line` on the event stream; gives their number."""


@dataclass(frozen=True)
class Comparison:
    """How exports are compared. People with events received `settle` before an export, or later, are left out.

    If more profiles differ than `most_corrections`, something larger is wrong and nothing is sent.
    """

    spark: SparkSession
    database: str
    config: dict
    settle: timedelta
    most_corrections: int

    def of(self, export: Export, put: Send | None) -> dict:
        """Compares an export, writes the differences and sends what mends them; gives a summary."""
        lines = export.lines(self.spark)
        stored = stored_profiles(lines, self.config["packing"]).localCheckpoint()
        made, awaits = self.expected(lake_profiles(self.profiles(export)).localCheckpoint(), stored, lines)
        taken_at = instant(export.taken_at)
        aside = put_aside(
            self.table("event_profiles"), stored, instant(export.taken_at - self.settle)
        ).localCheckpoint()
        found = self.found(stored, made, aside, taken_at)
        kinds = {row.kind: row["count"] for row in found.groupBy("kind").count().orderBy("kind").collect()}
        differing = found.select("profile_id").distinct().count()
        is_held = differing > self.most_corrections
        sent = {"events": 0, "corrections": 0}
        if kinds:
            self.write(found, is_sent=put is not None and not is_held)
        if kinds and put and not is_held:
            sent = self.send(found, stored, made, taken_at, put)
        sizes = {"in_table": stored.count(), "in_lake": made.count(), "put_aside": aside.count()}
        told = {"differing": differing, "differences": kinds, "sent": sent, "held": is_held}
        return {"taken_at": taken_at, **sizes, **told} | ({"awaited": awaits} if awaits else {})

    def expected(self, made: DataFrame, stored: DataFrame, lines: DataFrame) -> tuple[DataFrame, dict[str, int]]:
        """The lake's profiles, sure of no segment that the table may have otherwise; and how many wait for a history.

        What is not sure of an account is not sure of its people who ask for it.
        """
        sure = without(made, moved_through(stored, made, self.config))
        generations = generations_in(lines)
        if is_all_there(stored, generations):
            return sure, {}
        waits = waiting(stored, generations, self.config).localCheckpoint()
        return without(sure, waits).localCheckpoint(), awaited(stored, made, waits)

    def profiles(self, export: Export) -> DataFrame:
        """The lake's profiles, with segments as of the export where time moves people."""
        owned = owned_events(self.table("events"), self.table("event_profiles"))
        times = [int(at.timestamp() * 1000) for at in (export.taken_at - self.settle, export.taken_at)]
        return segments_then(self.table("profiles"), owned, self.config, times)

    def table(self, name: str) -> DataFrame:
        return self.spark.table(f"lake.{self.database}.{name}")

    def found(self, stored: DataFrame, made: DataFrame, aside: DataFrame, taken_at: str) -> DataFrame:
        """The differences, each with its repair."""
        moment = F.lit(taken_at).cast("timestamp")
        name = ensure_table(self.spark, self.database, DIFFERENCES)
        before = self.spark.table(name).where(F.col("compared_at") < moment)
        parted = parted_by_log(self.table("identity_log"))
        defined = [self.config.get(name) or [] for name in ("segments", "traits")]
        differing = differences(stored, made, aside, parted, *defined)
        return with_repair(differing, before, stored, parted).withColumn("compared_at", moment).localCheckpoint()

    def write(self, found: DataFrame, *, is_sent: bool) -> None:
        sent = F.lit(is_sent) & (F.col("repair") != NONE)
        name = f"lake.{self.database}.{DIFFERENCES.name}"
        merge_by_key(self.spark, name, DIFFERENCES, found.withColumn("sent", sent))

    def send(self, found: DataFrame, stored: DataFrame, made: DataFrame, taken_at: str, put: Send) -> dict[str, int]:
        """Sends events that profiles lack, then corrections; gives the number of each."""
        events, owners = self.table("events"), self.table("event_profiles")
        owned = owned_events(events, owners.join(found, "profile_id", "left_semi"))
        statements = survivors(owned, self.config.get("survivorship", {}))
        again = put(event_lines(found, owners, events))
        return {"events": again, "corrections": put(correction_lines(found, stored, made, statements, taken_at))}


def instant(moment: datetime) -> str:
    """ISO 8601 to the millisecond, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
