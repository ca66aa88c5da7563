"""Lets sightings pass the barriers of their identifiers, all at once: a sighting is an event and whom it names."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import Broadcast
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.barriers.asked import Barriers
from cdp.barriers.verdict import judge, judge_correction
from cdp.identity.collection import USERS

FOUND = "event_id string, dropped string, kept array<string>"
SCHEMA = pa.schema([("event_id", pa.string()), ("dropped", pa.string()), ("kept", pa.list_(pa.string()))])
FEW = 100_000
"""So many rows are sent to all workers, instead of sorting everything beside them."""


def let_pass(seen: DataFrame, barriers: Barriers) -> tuple[DataFrame, int]:
    """The sightings (`by_collection`) that barriers do not stop, and how many events they stop.

    Identifiers that are stopped and less trusted are left out. An event that is stopped loses its account, too.
    """
    if not barriers:
        return seen, 0
    found = touched(seen, barriers).localCheckpoint()
    rows, dropped = found.agg(F.count("*"), F.count("dropped")).first()
    if rows == 0:
        return seen, 0
    beside = F.broadcast(found) if rows <= FEW else found
    left = F.when(F.col("collection") == USERS, F.coalesce("kept", "identifiers")).otherwise(F.col("identifiers"))
    passed = seen.join(beside, "event_id", "left").where("dropped IS NULL").withColumn("identifiers", left)
    return passed.select(*seen.columns).localCheckpoint(), dropped


def touched(seen: DataFrame, barriers: Barriers) -> DataFrame:
    """`event_id` of events that name somebody with a barrier; by what each is `dropped`, else what it has `kept`."""
    # Not a column: plans of Spark, and so its logs, would show the secret.
    shared = seen.sparkSession.sparkContext.broadcast(barriers)
    people = seen.where(F.col("collection") == USERS).select(
        "event_id", F.unix_millis("timestamp").alias("at"), "by_platform", "identifiers"
    )
    return people.mapInArrow(lambda batches: judged(batches, shared), FOUND)


def judged(batches: Iterable[pa.RecordBatch], shared: Broadcast) -> Iterator[pa.RecordBatch]:
    """The rows of each batch that name somebody with a barrier, judged."""
    barriers: Barriers = shared.value
    for batch in batches:
        identifiers = batch.column("identifiers")
        of = pc.list_parent_indices(identifiers).to_numpy()
        rows = np.unique(of[barriers.are_of(pc.list_flatten(identifiers).to_pylist())])
        if len(rows):
            found = [verdict_of(row, barriers) for row in batch.take(pa.array(rows)).to_pylist()]
            yield pa.RecordBatch.from_pylist(found, SCHEMA)


def verdict_of(row: dict, barriers: Barriers) -> dict:
    rule = judge_correction if row["by_platform"] else judge
    dropped, kept = rule(row["identifiers"], row["at"], barriers.of)
    return {"event_id": row["event_id"], "dropped": dropped, "kept": kept}
