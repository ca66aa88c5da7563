"""Makes events that bring the profile table to the lake's state: corrections by the platform, and events sent again."""

import hashlib

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdp.comparison.stored_profile import as_text_of_time
from cdp.spark.isolated import isolated
from cdp.stream.put_events import PLATFORM
from cdp.values.exact_json import read_json, write_json

RELEASED = 50
"""One correction takes at most this many identifiers from a profile; the next one takes the rest."""
EVENTS, CORRECTION, NONE = "events", "correction", "none"
BY_EVENTS = ("missing_person", "missing_events")
BY_RELEASE = ("unknown_identifier", "misplaced_identifier")


def with_repair(found: DataFrame, before: DataFrame, stored: DataFrame, parted: DataFrame) -> DataFrame:
    """Differences with `repair`.

    Events that were sent after an earlier comparison (`before`) and did not help are not sent again; then a correction
    sets the count. Where the correction of a segment did not help, it lacks events that only a rebuild brings.

    Nothing is taken from people whom operators took apart (`parted`): they may have been one person when an identifier
    was linked, and no event alone tells.
    """
    tried = (
        before.where((F.col("repair") == EVENTS) & F.col("sent"))
        .select("profile_id", "kind", "in_lake", F.lit(True).alias("tried"))
        .distinct()
    )
    unled = stored.where(F.size("identifiers") == 0).select("profile_id", F.lit(True).alias("unled"))
    rows = (
        found.join(tried, ["profile_id", "kind", "in_lake"], "left")
        .join(unled, "profile_id", "left")
        .join(parted, "profile_id", "left")
        .join(corrected_in_vain(before), ["profile_id", "kind", "name"], "left")
    )
    is_tried, is_unled, is_vain = (F.coalesce(name, F.lit(False)) for name in ("tried", "unled", "vain"))
    kind = F.col("kind")
    is_decided = kind.isin(*BY_RELEASE) & F.col("group").isNotNull()
    repair = (
        F.when(kind.isin(*BY_EVENTS) & ~is_tried, EVENTS)
        .when(kind.isin("missing_person", "unknown_person") | is_unled | is_decided | is_vain, NONE)
        .otherwise(CORRECTION)
    )
    return rows.withColumn("repair", repair).drop("tried", "unled", "group", "vain")


def corrected_in_vain(before: DataFrame) -> DataFrame:
    """Segments that differed in the comparison before, too, though they were corrected, or could not be."""
    last = before.agg(F.max("compared_at").alias("compared_at"))
    is_done = F.col("sent") | (F.col("repair") == NONE)
    told = before.join(last, "compared_at").where((F.col("kind") == "segment") & is_done)
    return told.select("profile_id", "kind", "name", F.lit(True).alias("vain")).distinct()


def correction_lines(found: DataFrame, stored: DataFrame, made: DataFrame, survivors: DataFrame, at: str) -> DataFrame:
    """One `line` for each profile that a correction mends. `survivors` are the statements that survive at `at`."""
    differing = (
        found.where(F.col("repair") == CORRECTION)
        .groupBy("profile_id")
        .agg(F.collect_list(F.struct("kind", "name", "in_table", "in_lake")).alias("found"))
    )
    statements = (
        survivors.withColumn("timestamp", as_text_of_time("timestamp"))
        .join(differing.select("profile_id"), "profile_id", "left_semi")
        .groupBy("profile_id")
        .agg(F.collect_list(F.struct("name", "value", "timestamp", "message_id", "source_id")).alias("statements"))
    )
    lake = made.select(
        "profile_id", F.col("identifiers").alias("lake_identifiers"), F.col("last_seen").alias("lake_last_seen")
    )
    # An unknown person is named by the identifiers in the table: the lake has no row.
    whole = differing.join(stored, "profile_id").join(lake, "profile_id", "left").join(statements, "profile_id", "left")
    line = F.udf(isolated(lambda one: correction(one, at)), "string")
    return whole.select(line(F.struct(*whole.columns)).alias("line")).where("line is not null")


def correction(one: Row, at: str) -> str | None:
    """The event that corrects a profile; None when no identifier leads the stream to it."""
    by_kind: dict[str, list[Row]] = {}
    for difference in one.found:
        by_kind.setdefault(difference.kind, []).append(difference)
    released = names_in(by_kind, "misplaced_identifier", "unknown_identifier")
    own = (id_ for id_ in one.identifiers if one.lake_identifiers is None or id_ in one.lake_identifiers)
    # An identifier that the profile keeps leads to it, or else one that it gives away.
    leading = [id_ for id_ in own if id_ not in released][:1] or one.identifiers[:1]
    if not leading:
        return None
    identifiers = [*leading, *names_in(by_kind, "missing_identifier", "not_merged")]
    profile = {"profileId": one.profile_id, "version": one.version, **target_state(by_kind, one)}
    if released:
        profile["released"] = released[:RELEASED]
    properties = {"collection": one.collection, "identifiers": identifiers, "profile": profile}
    names, timestamp = f"{one.profile_id} {one.version} {at}", one.lake_last_seen or one.last_seen
    return event_line("Profile Corrected", names, timestamp, at, properties)


def names_in(by_kind: dict[str, list[Row]], *kinds: str) -> list[str]:
    return [difference.name for kind in kinds for difference in by_kind.get(kind, [])]


def target_state(by_kind: dict[str, list[Row]], one: Row) -> dict:
    """The state that the profile should have, as far as it differs."""
    statements = {statement.name: statement for statement in one.statements or []}
    wrong = names_in(by_kind, "trait")
    state = {
        "traits": [statement_fields(statements[name]) for name in wrong if name in statements],
        "forgotten": [name for name in wrong if name not in statements],
    }
    for difference in (*by_kind.get("missing_events", []), *by_kind.get("extra_events", [])):
        state["eventCount"] = int(difference.in_lake)
    for kind, name in (("first_seen", "firstSeen"), ("last_seen", "lastSeen")):
        if kind in by_kind:
            state[name] = by_kind[kind][0].in_lake
    return state


def statement_fields(statement: Row) -> dict:
    return {
        "name": statement.name,
        "value": read_json(statement.value),
        "timestamp": statement.timestamp,
        "messageId": statement.message_id,
        "sourceId": statement.source_id,
    }


def event_line(event: str, names: str, timestamp: str, at: str, properties: dict) -> str:
    """An event of the platform's own. Events with the same `names` are the same message."""
    message_id = f"platform-{hashlib.sha256(f'{event} {names}'.encode()).hexdigest()[:40]}"
    stamps = {"timestamp": timestamp, "originalTimestamp": timestamp, "receivedAt": at}
    return write_json(
        {
            "type": "track",
            "event": event,
            "messageId": message_id,
            "anonymousId": "platform",
            "sourceId": PLATFORM,
            **stamps,
            "properties": properties,
        }
    )
