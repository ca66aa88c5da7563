"""Sends events again to profiles that lack some."""

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdp.comparison.corrections import EVENTS
from cdp.comparison.stored_profile import as_text_of_time
from cdp.spark.isolated import isolated
from cdp.values.exact_json import read_json, write_json

FIELDS = {
    "message_id": "messageId",
    "type": "type",
    "event": "event",
    "name": "name",
    "user_id": "userId",
    "anonymous_id": "anonymousId",
    "previous_id": "previousId",
    "group_id": "groupId",
    "source_id": "sourceId",
    "timestamp": "timestamp",
    "original_timestamp": "originalTimestamp",
    "sent_at": "sentAt",
    "received_at": "receivedAt",
    "properties": "properties",
    "traits": "traits",
    "context": "context",
    "integrations": "integrations",
}
"""Columns of `events` from which an event is rebuilt."""
TIMES = ("timestamp", "sent_at", "received_at")
OBJECTS = ("properties", "traits", "context", "integrations")


def event_lines(found: DataFrame, owners: DataFrame, events: DataFrame) -> DataFrame:
    """One `line` for each event of profiles that lack some, in the order of their receipt."""
    lacking = found.where(F.col("repair") == EVENTS).select("profile_id").distinct()
    messages = owners.join(lacking, "profile_id", "left_semi").select("event_id").distinct()
    times = {column: as_text_of_time(column) for column in TIMES}
    chosen = events.join(messages, "event_id", "left_semi").select(*FIELDS).withColumns(times)
    line = F.udf(isolated(event_again), "string")
    return (
        chosen.select("received_at", "message_id", line(F.struct(*chosen.columns)).alias("line"))
        .where("line is not null")
        .orderBy("received_at", "message_id")
        .select("line")
    )


def event_again(row: Row) -> str:
    """The event as it was accepted, except what no column has, marked as sent again."""
    stated = {name: row[column] for column, name in FIELDS.items() if row[column] is not None}
    objects = {name: read_json(stated[name]) for name in OBJECTS if name in stated}
    # As `lambdas/core/replay/line.ts` begins a line. The lake ignores such a line, because it has the event.
    return '{"replayed":"lake",' + write_json({**stated, **objects})[1:]
