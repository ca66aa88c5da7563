"""What a function gets for records of Kafka, in the form that AWS documents. Pure: no clock, no MiniStack."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, Message

PAYLOAD_LIMIT = 6_000_000


def event_of(messages: Iterable[Message], servers: list[str]) -> dict[str, Any]:
    """One invocation for records of any partitions, which are grouped as `topic-partition`."""
    records: dict[str, list[dict[str, Any]]] = {}
    for message in messages:
        records.setdefault(f"{message.topic()}-{message.partition()}", []).append(_record(message))
    return {"eventSource": "SelfManagedKafka", "bootstrapServers": ",".join(servers), "records": records}


def fitting(messages: list[Message]) -> int:
    """How many of some records, and at least one, fit into an invocation."""
    size = 0
    for place, message in enumerate(messages):
        size += (len(message.key() or b"") + len(message.value() or b"")) * 4 // 3 + 300
        if place and size > PAYLOAD_LIMIT:
            return place
    return len(messages)


def _record(message: Message) -> dict[str, Any]:
    kind, time = message.timestamp()
    record = {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "timestamp": time,
        "timestampType": "LOG_APPEND_TIME" if kind == TIMESTAMP_LOG_APPEND_TIME else "CREATE_TIME",
        "headers": [{name: list(value or b"")} for name, value in message.headers() or []],
    }
    # A record without a key, or without a value, has no such field.
    return record | {
        field: b64encode(part).decode()
        for field, part in (("key", message.key()), ("value", message.value()))
        if part is not None
    }
