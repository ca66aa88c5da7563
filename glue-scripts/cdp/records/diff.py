"""Compares a load with the records that the table keeps, and finds what changes. Unchanged rows never reach Python."""

from dataclasses import dataclass

from pyspark.sql import DataFrame, Row, Window
from pyspark.sql import functions as F

from cdp.records.decide import CHANGE, decide
from cdp.records.load import Load, RecordObject
from cdp.records.read_row import RAW_SIGNS, SAID, read_line
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
FIELDS = ("version", "at", "deleted", "started", "load")


@dataclass(frozen=True)
class Compared:
    """The rows of a load beside what is kept: `said` and `kept` (null where there is none), and `case`."""

    rows: DataFrame
    bad: DataFrame
    counts: dict[str, int]


def compare(lines: DataFrame, kept: DataFrame, of: RecordObject, load: Load) -> Compared:
    """Reads each line once, keeps one row of each record, and tells those that cannot change anything."""
    read = read_lines(lines, of, load).localCheckpoint()
    said = last_of_each(read.where("bad IS NULL")).select("id", F.struct("*").alias("said"))
    there = kept.selectExpr(*KEPT).select("id", F.struct("*").alias("kept"))
    both = said.join(there, "id", "full" if load.complete else "left")
    rows = both.withColumn("case", F.expr(case(load))).localCheckpoint()
    was_there = f"kept.deleted IS NULL AND kept.started <= {load.started}"
    cases = ("missing", "stale", "unchanged")
    tallies = (F.count_if(F.expr(f"case = '{each}'")).alias(each) for each in cases)
    counted = rows.agg(F.count("said").alias("records"), F.count_if(F.expr(was_there)).alias("kept"), *tallies).first()
    lost = read.agg(F.count("*").alias("rows"), F.count("bad").alias("bad")).first()
    return Compared(rows, read.where("bad IS NOT NULL").select("bad"), {**lost.asDict(), **counted.asDict()})


def read_lines(lines: DataFrame, of: RecordObject, load: Load) -> DataFrame:
    """Fields of SAID. A line that even the reading fails on is put aside, as every row that cannot be read."""
    # Otherwise Spark would run the function once for each field.
    read = F.udf(isolated(lambda line: read_line(line, of, load.started)), SAID).asNondeterministic()
    rows = lines.where("trim(line) != ''").select("line", read("line").alias("said"))
    place = f"named_struct('file', {quoted(of.object)})"
    told = f"named_struct('place', {place}, 'reason', '{LINE_LOST}', 'raw', left(line, {RAW_SIGNS}))"
    lost = f"CASE WHEN said.id IS NULL THEN to_json(named_struct('bad', {told})) END"
    fields = ("id", "version", "own", "place", "deleted", "columns", "hash")
    return rows.selectExpr(*(f"said.{name}" for name in fields), f"coalesce(said.bad, {lost}) AS bad")


def last_of_each(rows: DataFrame) -> DataFrame:
    """Of several rows of one record the last, by time, then by place; of two that are equal there, always the same."""
    last_first = ("version", "place", "deleted", "columns")
    order = Window.partitionBy("id").orderBy(*(F.desc(name) for name in last_first))
    return rows.withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank", "bad")


def case(load: Load) -> str:
    """SQL that names the case of a record: missing, gone, stale, unchanged or open."""
    this = f"struct(said.version, {load.started}L AS started, {quoted(load.id)} AS load)"
    is_same = "NOT said.deleted AND kept.deleted IS NULL AND said.hash = kept.hash"
    return first_case(
        ("said IS NULL", f"if(kept.deleted IS NULL AND kept.started <= {load.started}, 'missing', 'gone')"),
        ("kept IS NULL", "'open'"),
        (f"{this} < struct(kept.version, kept.started, kept.load)", "'stale'"),
        (f"{is_same} AND NOT (said.own AND said.version > kept.version)", "'unchanged'"),
        otherwise="'open'",
    )


def changes_of(rows: DataFrame, kept: DataFrame, of: RecordObject, load: Load) -> DataFrame:
    """Fields of CHANGE by `id`, with `first` (milliseconds), for rows of which something may change."""
    columns = kept.selectExpr("record_id AS id", "columns", "unix_millis(first_seen) AS first")
    before = F.when(
        F.col("kept").isNotNull(), F.struct("columns", *(F.col(f"kept.{name}").alias(name) for name in FIELDS))
    )
    # A failure here must not cost a change: the run fails, and nothing is written.
    decided = F.udf(lambda was, says: decide(plain(was), plain(says), of, load), CHANGE).asNondeterministic()
    found = rows.join(columns, "id", "left").select("id", "first", decided(before, "said").alias("change"))
    return found.where("change IS NOT NULL").select("id", "first", "change.*")


def plain(row: Row | None) -> dict | None:
    return None if row is None else row.asDict()
