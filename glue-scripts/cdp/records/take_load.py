"""Takes a load of records: compares it with the table, keeps the new versions, and writes the changes as pieces.

The table comes first: it holds the last change of each record, and pieces are made of nothing else. A state names the
load before its rows are committed, until its pieces are written. So a run that finds the state of a load that died
writes its pieces, from the table, before it looks at another load.
"""

import json

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdp.records.decide import CREATED, DELETED, NOTED, UPDATED
from cdp.records.diff import Compared, changes_of, compare
from cdp.records.load import Lake, Load, RecordObject, instant
from cdp.records.pieces import write_bad
from cdp.records.taking import Result, Taking
from cdp.spark.files import read_file

DONE, ASKS = "done", "asks"


def take_load(spark: SparkSession, at: Lake, of: RecordObject, load: Load, lines: DataFrame) -> Result:
    """Takes the rows of a load, each a text `line`; gives what became of them. The same load again changes nothing.

    The state `asks` means that a complete load lacks too much: nothing was written, and an operator decides.
    """
    taking = Taking(spark, at, of, load)
    taking.tell()
    before = read_file(spark, taking.result_path)
    if before and (json.loads(before)["state"] == DONE or not load.accept_shrink):
        return json.loads(before)
    if taking.is_overtaken():
        return taking.end(state=DONE, overtaken=True)
    found = compare(lines, taking.kept(), of, load, emptied=taking.emptied)
    if (shrunk := shrinkage(found.counts, of, load)) is not None:
        return taking.end(state=ASKS, reason=shrunk, **found.counts)
    return write(taking, found)


def try_load(spark: SparkSession, at: Lake, of: RecordObject, load: Load, lines: DataFrame) -> Result:
    """What `take_load` would say of a load, by the same comparison. Nothing is written."""
    taking = Taking(spark, at, of, load)
    found = compare(lines, taking.kept(), of, load, emptied=taking.emptied)
    shrunk = shrinkage(found.counts, of, load)
    changes = changes_of(wanted(found)[0], taking.kept(), of, load).groupBy("kind").count().collect()
    counts = dict.fromkeys((CREATED, UPDATED, DELETED, NOTED), 0) | {row.kind: row["count"] for row in changes}
    return {"state": ASKS if shrunk else DONE, "reason": shrunk, "tried": True, **found.counts, **counts}


def shrinkage(counts: dict[str, int], of: RecordObject, load: Load) -> str | None:
    """Why a complete load must not be believed without asking; None if it may be."""
    kept, missing = counts["kept"], counts["missing"]
    if load.accept_shrink or not load.complete or kept == 0:
        return None
    if counts["records"] == 0:
        return f"it has no records, and {kept} are known"
    return f"it lacks {missing} of {kept} known records" if missing > of.max_shrink * kept else None


def write(taking: Taking, found: Compared) -> Result:
    """Puts bad rows aside, commits what changes, and writes the pieces."""
    counts, load = found.counts, taking.load
    rows, withheld = wanted(found)
    changes = None if rows.isEmpty() else changes_of(rows, taking.kept(), taking.of, load).localCheckpoint()
    has_changes = changes is not None and not changes.isEmpty()
    if found.emptied:
        taking.remember(emptied=found.emptied)
    if counts["bad"] or has_changes:
        taking.begin()
    if counts["bad"]:
        write_bad(taking.spark, taking.pieces_of(load.id), taking.state["attempt"], found.bad)
    if has_changes:
        taking.commit(changes)
        taking.tell()
    if load.complete:
        taking.remember(completeStartedAt=instant(load.started_at))
    return taking.end(state=DONE, withheld=withheld, **counts, **told(taking))


def wanted(found: Compared) -> tuple[DataFrame, int]:
    """The rows of which something may change, and how many missing records are not believed to be deleted.

    A row without a readable key may be any record, also one that seems to be missing.
    """
    withheld = found.counts["missing"] if found.counts["bad"] else 0
    cases = ("open",) if withheld else ("open", "missing")
    return found.rows.where(F.col("case").isin(*cases)), withheld


def told(taking: Taking) -> dict[str, int]:
    """How many records the load changed, by kind, from the table: a run after a crash counts the same."""
    rows = taking.changed_by(taking.load.id).groupBy("kind").count().collect()
    counts = {row.kind: row["count"] for row in rows}
    return {kind: counts.get(kind, 0) for kind in (CREATED, UPDATED, DELETED, NOTED)}
