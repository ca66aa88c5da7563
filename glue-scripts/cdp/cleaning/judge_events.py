"""Judges each line by itself: it is an event, or it is rejected with the field and the reason."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdp.cleaning.event_fields import FIELDS, TEXTS, TYPES
from cdp.cleaning.json_paths import from_json
from cdp.cleaning.read_events import text
from cdp.spark.sql import first_case, identifier, quoted
from cdp.values.text_in_sql import is_blank, is_longer, trimmed


def judge(parsed: DataFrame, required: list[str]) -> DataFrame:
    """Adds `verdict`: null for an event, else a struct of field and reason.

    `required` names columns that an event must have.

    Only what later steps need is kept: the columns, and the line where it is rejected.
    """
    rules = [
        *flaws(),
        *((name, "is missing, and the lake's rules drop the event", is_blank(identifier(name))) for name in required),
    ]
    verdicts = (
        (f"coalesce({broken}, true)", f"named_struct('field', {quoted(field)}, 'reason', {quoted(reason)})")
        for field, reason, broken in rules
    )
    judged = parsed.withColumn("verdict", F.expr(first_case(*verdicts)))
    return judged.withColumn("line", F.expr(first_case(("verdict IS NOT NULL", "line")))).drop("json")


def flaws() -> list[tuple[str, str, str]]:
    """Each reason to reject a line, in the order in which they are reported: field, reason, condition."""
    return [
        ("", "is no JSON object", "json IS NULL"),
        *(
            (name, "must be a text", f"json.{name} IS NOT NULL AND {is_structure(name)} AND {is_call(calls)}")
            for name, calls in TEXTS.items()
        ),
        ("messageId", "is required", f"{text('json.messageId')} IS NULL"),
        ("messageId", "is longer than 100 characters", is_longer("json.messageId", 100)),
        (
            "type",
            f"must be one of {', '.join(TYPES)}",
            f"coalesce(json.type, '') NOT IN ({', '.join(map(quoted, TYPES))})",
        ),
        *(
            (
                name,
                "is longer than 500 characters",
                f"coalesce({is_longer(trimmed(f'json.{name}'), 500)}, false) AND {is_call(TEXTS[name])}",
            )
            for name in ("userId", "anonymousId", "previousId", "groupId")
        ),
        ("event", "is required for a track call", "json.type = 'track' AND coalesce(json.event, '') = ''"),
        ("groupId", "is required for a group call", f"json.type = 'group' AND {text('json.groupId')} IS NULL"),
        (
            "previousId",
            "is required for an alias call",
            f"json.type = 'alias' AND coalesce({text('json.previousId')}, {text('json.anonymousId')}) IS NULL",
        ),
        ("sourceId", "is required", f"{text('json.sourceId')} IS NULL"),
        *(
            (name, "must be an ISO 8601 date-time", f"{column} IS NULL")
            for name, column in (("timestamp", "timestamp"), ("receivedAt", "received_at"))
        ),
        # The column is null for whatever is not an object.
        *(
            (name, "must be an object", f"json.{name} IS NOT NULL AND {name} IS NULL AND {is_call(calls)}")
            for name, calls in FIELDS.items()
        ),
    ]


def rejected(judged: DataFrame) -> DataFrame:
    """Rows of `rejected_events` without their run. A line that came several times has several rows."""
    return judged.where("verdict is not null").select(
        "line_hash", "verdict.field", "verdict.reason", "line", "message_id", "source_id", "object", "arrived_at"
    )


def is_structure(name: str) -> str:
    """Whether a field is a list or an object, and not a text that looks like one. Parsing it by its type tells."""
    kinds = (("[", "array<string>"), ("{", "map<string, string>"))
    shapes = (
        f"(startswith(json.{name}, '{sign}') AND {from_json('line', f'struct<{name}: {kind}>')}.{name} IS NOT NULL)"
        for sign, kind in kinds
    )
    return f"({' OR '.join(shapes)})"


def is_call(types: tuple[str, ...]) -> str:
    return "true" if types == TYPES else f"coalesce(json.type, '') IN ({', '.join(map(quoted, types))})"
