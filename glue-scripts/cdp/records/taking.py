"""One load on its way into the table: what is kept of its object, how far it came, and what it writes."""

import json

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.records.load import Lake, Load, RecordObject, instant, read_instant
from cdp.records.pieces import next_attempt, write_changes
from cdp.spark.files import list_files, read_file, write_file
from cdp.spark.sql import quoted
from cdp.tables.merge_by_key import merge_by_key
from cdp.tables.schema import ensure_table, read_table

RECORDS = read_table("records")
Result = dict[str, object]


class Taking:
    """One load on its way into the table."""

    def __init__(self, spark: SparkSession, at: Lake, of: RecordObject, load: Load):
        self.spark, self.at, self.of, self.load = spark, at, of, load
        self.table = ensure_table(spark, at.database, RECORDS)
        self.result_path = result_path(at, of.source, load.id, of.object)
        self.state_path = f"{at.imports}/state/{of.source}/{of.object}.json"
        self.state: dict[str, object] = json.loads(read_file(spark, self.state_path) or "{}")

    @property
    def emptied(self) -> str:
        """The last place in the database's log at which all records went, empty if there is none."""
        return str(self.state.get("emptied", ""))

    def kept(self) -> DataFrame:
        of = self.of
        return self.spark.table(self.table).where(
            f"source_id = {quoted(of.source)} AND object = {quoted(of.object)}"
        )

    def changed_by(self, load: str) -> DataFrame:
        return self.kept().where(f"load_id = {quoted(load)}")

    def pieces_of(self, load: str) -> str:
        return f"{self.at.imports}/staged/{self.of.source}/{load}/{self.of.object}"

    def remember(self, **news: object) -> None:
        if (state := self.state | news) != self.state:
            self.state = state
            write_file(self.spark, self.state_path, json.dumps(state))

    def begin(self) -> None:
        """Numbers the attempts of a load: each names its pieces apart, because a load that is read again may differ."""
        folder, name = self.pieces_of(self.load.id).rsplit("/", 1)
        there = list_files(self.spark, folder, f"{name}-*.ndjson.gz")
        self.remember(load=self.load.id, attempt=next_attempt(name, there))

    def tell(self) -> None:
        """Writes the pieces of the load that the state names, if it was committed and its pieces were not written."""
        if self.state.get("writing"):
            load = self.state["load"]
            write_changes(self.spark, self.pieces_of(load), self.state["attempt"], self.changed_by(load))
            self.remember(writing=False)

    def is_overtaken(self) -> bool:
        """Whether a complete load that began later has been taken: then this one is about what is no longer so."""
        complete = self.state.get("completeStartedAt")
        return complete is not None and self.load.started_at < read_instant(complete)

    def commit(self, changes: DataFrame) -> None:
        of, load = self.of, self.load
        rows = changes.select(
            F.lit(of.source).alias("source_id"),
            F.lit(of.object).alias("object"),
            F.col("id").alias("record_id"),
            *("columns", "hash", "kind", "changed"),
            F.col("origin").alias("place"),
            F.when(F.col("position") != "", F.col("position")).alias("position"),
            F.timestamp_millis("version").alias("updated_at"),
            F.timestamp_millis("deleted").alias("deleted_at"),
            F.timestamp_millis(F.coalesce("first", F.lit(load.started))).alias("first_seen"),
            F.lit(load.id).alias("load_id"),
            F.timestamp_millis(F.lit(load.started)).alias("load_started_at"),
            F.timestamp_millis("at").alias("changed_at"),
        )
        self.remember(writing=True)
        # Named, so that the merge reads the files of this object alone.
        bounds = f" AND t.source_id = {quoted(of.source)} AND t.object = {quoted(of.object)}"
        merge_by_key(self.spark, self.table, RECORDS, rows, bounds=bounds)

    def end(self, **result: object) -> Result:
        """Writes the result last of all: a load that has one is over."""
        whole = {"load": self.load.id, "object": self.of.object, "startedAt": instant(self.load.started_at), **result}
        write_file(self.spark, self.result_path, json.dumps(whole))
        return whole


def result_path(at: Lake, source: str, load: str, object_: str) -> str:
    return f"{at.imports}/rows/{source}/{load}/{object_}/result.json"
