"""Puts events of a job on the event stream as collect does: several lines a record, retried until all are taken."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

PLATFORM = "@platform"
"""Source of the events that jobs put on the stream; no client's event has it."""
RECORD_BYTES = 25_000
"""Kinesis bills records in steps of 25 KB."""
REQUEST_RECORDS = 100
ATTEMPTS = 8


class NotSent(Exception):
    """The stream did not take everything. It keeps what it took; sending everything again does no harm."""


def send(kinesis, stream: str, lines: Iterable[str], pause: Callable[[int], None]) -> int:
    """Puts lines, each an event as JSON, on a stream; gives their number.

    `pause` waits after an attempt, given its number. Raises NotSent.
    """
    sent = 0
    for request in in_parts(records_of(lines), REQUEST_RECORDS):
        put(kinesis, stream, request, pause)
        sent += sum(record.count(b"\n") for record in request)
    return sent


def put(kinesis, stream: str, records: list[bytes], pause: Callable[[int], None]) -> None:
    """Sends one request, then again whatever the stream refused."""
    for attempt in range(1, ATTEMPTS + 1):
        answer = kinesis.put_records(
            StreamName=stream,
            Records=[{"Data": record, "PartitionKey": hashlib.sha256(record).hexdigest()} for record in records],
        )
        records = [record for record, result in zip(records, answer["Records"], strict=True) if result.get("ErrorCode")]
        if not records:
            return
        if attempt < ATTEMPTS:
            pause(attempt)
    raise NotSent(f"the stream {stream} refused {len(records)} records in {ATTEMPTS} attempts; run the job again")


def records_of(lines: Iterable[str]) -> Iterator[bytes]:
    """NDJSON of at most RECORD_BYTES, or of one longer line."""
    record = b""
    for line in lines:
        encoded = f"{line}\n".encode()
        if record and len(record) + len(encoded) > RECORD_BYTES:
            yield record
            record = b""
        record += encoded
    if record:
        yield record


def in_parts(records: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    for record in records:
        part.append(record)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
