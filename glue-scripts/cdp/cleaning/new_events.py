"""Decides what the lines of a run add to the tables: new events, rejected lines, and what was counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.cleaning.column_steps import Step, take
from cdp.cleaning.derive import derive, derived_columns
from cdp.cleaning.enrich import enrich
from cdp.cleaning.fill_missing import fill_missing, required
from cdp.cleaning.judge_events import judge, rejected
from cdp.cleaning.quality import Measure, count_outcomes, without_outcomes
from cdp.cleaning.read_events import parse
from cdp.cleaning.standardize import standardize
from cdp.tables.merge_by_key import MET, Bounds, bounds_of, first_unstored
from cdp.tables.schema import Column, Table, read_table

REJECTED = read_table("rejected_events")
Passing = Callable[[DataFrame], tuple[DataFrame, int]]
"""Gives the judged lines that may be taken in, and the number of the others."""
COUNTED = ("lines", "accepted", "rejected", "repeated")
"""What is counted of the lines that a run reads."""


@dataclass(frozen=True)
class Writing:
    """Rows for a table, and the times between which stored rows with the same keys lie, if there are any."""

    rows: DataFrame
    bounds: Bounds | None


def events_table(config: dict) -> Table:
    """The table `events` with the columns that a deployment declares and derives."""
    declared = [
        Column(column["name"], column["type"], column["meaning"], (column["from"],)) for column in config["columns"]
    ]
    return read_table("events").extended([*declared, *derived_columns(config["derive"])])


def declared_steps(spark: SparkSession, table: Table, config: dict) -> list[Step]:
    """The declared steps for every new event, in their order."""
    types = {column.name: column.type for column in table.columns}
    clean = [*standardize(config["standardize"], config["countries"]), *enrich(spark, config["enrich"])]
    return [*clean, *fill_missing(config["missing"], types), *derive(config["derive"])]


@dataclass(frozen=True)
class Intake:
    """How a run takes lines in: into which tables, by which configuration, and under which name.

    `stored` has the full names of tables. Messages that come again `within` this time are the same message. Lines that
    do not pass are counted, and leave nothing else.
    """

    table: Table
    config: dict
    stored: dict[str, str]
    run: str
    within: timedelta
    passing: Passing

    def unstored(self, rows: DataFrame, table: Table, bounds: Bounds) -> DataFrame:
        """The first row of each key, unless the table has it, and under `MET` whether it has a later one."""
        return first_unstored(rows, self.stored[table.name], table, self.run, bounds)


@dataclass(frozen=True)
class Decided:
    """What a run adds, and what it counted. None where it adds nothing."""

    events: Writing | None
    rejected: Writing | None
    measures: list[Measure]


def decide(lines: DataFrame, intake: Intake) -> Decided:
    """New events, new rejected lines and the counts."""
    every = judge(parse(lines, intake.table), required(intake.config["missing"])).localCheckpoint()
    judged, suppressed = intake.passing(every)
    sound, within = F.col("verdict").isNull(), intake.within
    of_events = bounds_of(F.when(sound, F.col(intake.table.time)), within)
    of_rejected = bounds_of(F.when(~sound, F.col(REJECTED.time)), within)
    passed, accepted, *times = judged.agg(F.count("*"), F.count(F.when(sound, 1)), *of_events, *of_rejected).first()
    events, added, outcomes = new_events(judged.where(sound), intake, times[:2]) if accepted else (None, 0, [])
    refused, dropped = new_rejected(judged, intake, times[2:]) if accepted < passed else (None, 0)
    counts = dict(zip(COUNTED, (passed + suppressed, added, dropped, passed - added - dropped), strict=True))
    counts |= {"suppressed": suppressed} if suppressed else {}
    return Decided(events, refused, [*(("read", "", measure, rows) for measure, rows in counts.items()), *outcomes])


def new_events(sound: DataFrame, intake: Intake, bounds: Bounds) -> tuple[Writing | None, int, list[Measure]]:
    """Events to write, their number, and the outcomes of each step."""
    new = intake.unstored(sound, intake.table, bounds).drop("line", "verdict", "object", "arrived_at")
    clean = take(new, declared_steps(new.sparkSession, intake.table, intake.config))
    made = clean.withColumn("run", F.lit(intake.run)).localCheckpoint()
    (added, met), outcomes = count_outcomes(made, MET)
    return writing(without_outcomes(made), bounds, added, met), added, outcomes


def new_rejected(judged: DataFrame, intake: Intake, bounds: Bounds) -> tuple[Writing | None, int]:
    """Rejected lines to write, and their number."""
    new = intake.unstored(rejected(judged), REJECTED, bounds)
    made = new.withColumn("run", F.lit(intake.run)).localCheckpoint()
    dropped, met = made.agg(F.count("*"), F.count_if(f"`{MET}`")).first()
    return writing(made, bounds, dropped, met), dropped


def writing(rows: DataFrame, bounds: Bounds, count: int, met: int) -> Writing | None:
    """What to write of rows, so many of which there are, and so many of whose keys are stored."""
    return Writing(rows.drop(MET), bounds if met else None) if count else None
