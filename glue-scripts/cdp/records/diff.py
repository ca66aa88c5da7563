"""Compares a load with the records that the table keeps, and finds what changes. Unchanged rows never reach Python."""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

from cdp.records.decide import CHANGE, decide
from cdp.records.load import Load, RecordObject
from cdp.records.read_row import NO_RECORD, RAW_SIGNS, SAID, read_line
from cdp.spark.isolated import isolated
from cdp.spark.sql import first_case, quoted

LINE_LOST = "cannot be read"
KEPT = (
    "record_id AS id",
    "hash",
    "unix_millis(updated_at) AS version",
    "unix_millis(changed_at) AS at",
    "unix_millis(deleted_at) AS deleted",
    "unix_millis(load_started_at) AS started",
    "load_id AS load",
)
FIELDS = ("position", "version", "at", "deleted", "started", "load")
SAYS = ("id", "position", "version", "own", "place", "deleted", "columns", "hash", "origin")


@dataclass(frozen=True)
class Compared:
    """The rows of a load beside what is kept: `said` and `kept` (null where there is none), and `case`.

    `emptied` is the last place in the log at which all records went.
    """

    rows: DataFrame
    bad: DataFrame
    counts: dict[str, int]
    emptied: str = ""


def compare(lines: DataFrame, kept: DataFrame, of: RecordObject, load: Load, *, emptied: str = "") -> Compared:
    """Reads each line once, keeps one row of each record, and tells those that cannot change anything."""
    read = read_lines(lines, of, load).localCheckpoint()
    emptying = last_emptying(read) if of.envelope else None
    emptied = max(emptied, emptying.position if emptying else "")
    records = read.where(f"bad IS NULL AND id <> '{NO_RECORD}'").where(f"position >= {quoted(emptied)}")
    said = last_of_each(records).select("id", F.struct(*SAYS).alias("said"))
    # Without an envelope, no place counts, also if there was one once.
    place = "coalesce(position, '')" if of.envelope else "''"
    there = kept.selectExpr(*KEPT, f"{place} AS position").select("id", F.struct("*").alias("kept"))
    both = said.join(there, "id", "full" if load.complete or emptying else "left")
    both = both.withColumn("said", gone_by(emptying)) if emptying else both
    rows = both.withColumn("case", F.expr(case(load))).localCheckpoint()
    was_there = f"kept.deleted IS NULL AND kept.started <= {load.started}"
    cases = ("missing", "stale", "unchanged")
    tallies = (F.count_if(F.expr(f"case = '{each}'")).alias(each) for each in cases)
    counted = rows.agg(F.count("said").alias("records"), F.count_if(F.expr(was_there)).alias("kept"), *tallies).first()
    lost = read.agg(F.count("*").alias("rows"), F.count("bad").alias("bad")).first()
    bad = read.where("bad IS NOT NULL").select("bad")
    return Compared(rows, bad, {**lost.asDict(), **counted.asDict()}, emptied)


def read_lines(lines: DataFrame, of: RecordObject, load: Load) -> DataFrame:
    """Fields of SAID. A line that even the reading fails on is put aside, as every row that cannot be read."""
    # Otherwise Spark would run the function once for each field.
    read = F.udf(isolated(lambda line: read_line(line, of, load.started)), SAID).asNondeterministic()
    rows = lines.where("trim(line) != ''").select("line", read("line").alias("said"))
    place = f"named_struct('file', {quoted(of.object)})"
    told = f"named_struct('place', {place}, 'reason', '{LINE_LOST}', 'raw', left(line, {RAW_SIGNS}))"
    lost = f"CASE WHEN said.id IS NULL THEN to_json(named_struct('bad', {told})) END"
    return rows.selectExpr(*(f"said.{name}" for name in SAYS), f"coalesce(said.bad, {lost}) AS bad")


def last_of_each(rows: DataFrame) -> DataFrame:
    """Of several rows of one record the last, by log, time and place; of two that are equal there, always the same."""
    last_first = ("position", "version", "place", "deleted", "columns", "origin")
    order = Window.partitionBy("id").orderBy(*(F.desc(name) for name in last_first))
    return rows.withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank", "bad")


def last_emptying(read: DataFrame) -> Row | None:
    """Where in the log, and when, all records went the last time; None if they did not."""
    emptyings = read.where(f"id = '{NO_RECORD}' AND position IS NOT NULL")
    return emptyings.orderBy(F.desc("position"), F.desc("version")).select("position", "version").first()


def gone_by(emptying: Row) -> Column:
    """What the emptying of a table says of the records that were there before it: that they are deleted."""
    values = {"id": "id", "position": quoted(emptying.position), "version": f"{emptying.version}L", "own": "true"}
    values |= {"place": "0L", "deleted": "true", "columns": "'{}'", "hash": "''", "origin": "CAST(NULL AS STRING)"}
    says = f"named_struct({', '.join(f'{quoted(name)}, {values[name]}' for name in SAYS)})"
    was = f"said IS NULL AND kept.deleted IS NULL AND kept.position < {quoted(emptying.position)}"
    return F.expr(f"CASE WHEN {was} THEN {says} ELSE said END")


def case(load: Load) -> str:
    """SQL that names the case of a record: missing, gone, stale, unchanged or open."""
    this = f"struct(said.position, said.version, {load.started}L AS started, {quoted(load.id)} AS load)"
    is_newer = (
        "said.position > kept.position OR"
        " (said.position = kept.position AND said.own AND said.version > kept.version)"
    )
    missing = f"kept.deleted IS NULL AND kept.started <= {load.started}" if load.complete else "false"
    is_same = "NOT said.deleted AND kept.deleted IS NULL AND said.hash = kept.hash"
    return first_case(
        ("said IS NULL", f"if({missing}, 'missing', 'gone')"),
        ("kept IS NULL", "'open'"),
        (f"{this} < struct(kept.position, kept.version, kept.started, kept.load)", "'stale'"),
        (f"{is_same} AND NOT ({is_newer})", "'unchanged'"),
        otherwise="'open'",
    )


def changes_of(rows: DataFrame, kept: DataFrame, of: RecordObject, load: Load) -> DataFrame:
    """Fields of CHANGE by `id`, with `first` (milliseconds) and `origin`, for rows of which something may change."""
    columns = kept.selectExpr("record_id AS id", "columns", "unix_millis(first_seen) AS first")
    before = F.when(
        F.col("kept").isNotNull(), F.struct("columns", *(F.col(f"kept.{name}").alias(name) for name in FIELDS))
    )
    # A failure here must not cost a change: the run fails, and nothing is written.
    decided = F.udf(lambda was, says: decide(plain(was), plain(says), of, load), CHANGE).asNondeterministic()
    change = decided(before, "said").alias("change")
    found = rows.join(columns, "id", "left").select("id", "first", change, "said.origin")
    return found.where("change IS NOT NULL").select("id", "first", "change.*", "origin")


def plain(row: Row | None) -> dict | None:
    return None if row is None else row.asDict()
