"""What jobs put on the event stream is all there in the end, or they say so."""

import json

import pytest
from cdp.stream.put_events import ATTEMPTS, RECORD_BYTES, REQUEST_RECORDS, NotSent, send


class Stream:
    """A stream that refuses records as it is told, request after request."""

    def __init__(self, *refusals: set[int]) -> None:
        self.refusals, self.requests, self.taken = list(refusals), [], []

    def put_records(self, *, StreamName: str, Records: list[dict]) -> dict:
        refused = self.refusals.pop(0) if self.refusals else set()
        self.requests.append(len(Records))
        self.taken += [record["Data"] for n, record in enumerate(Records) if n not in refused]
        assert StreamName == "events" and all(0 < len(record["PartitionKey"]) <= 256 for record in Records)
        return {
            "Records": [
                {"ErrorCode": "ProvisionedThroughputExceededException"} if n in refused else {"SequenceNumber": "1"}
                for n in range(len(Records))
            ]
        }

    def lines(self) -> list[str]:
        return [line for record in self.taken for line in record.decode().splitlines()]


def lines_of(count: int, length: int = 100) -> list[str]:
    return [json.dumps({"n": n, "text": "ü" * length}, ensure_ascii=False) for n in range(count)]


def test_lines_are_packed_into_records_and_records_into_requests():
    stream, lines = Stream(), lines_of(REQUEST_RECORDS * 250)
    assert send(stream, "events", lines, lambda attempt: None) == len(lines)
    assert stream.lines() == lines
    assert (
        max(map(len, stream.taken)) <= RECORD_BYTES
        and max(stream.requests) == REQUEST_RECORDS
        and len(stream.requests) > 1
    )


def test_a_line_longer_than_a_record_is_a_record():
    stream, lines = Stream(), [*lines_of(1), *lines_of(1, RECORD_BYTES), *lines_of(1)]
    send(stream, "events", lines, lambda attempt: None)
    assert stream.lines() == lines and len(stream.taken) == 3


def test_nothing_is_sent_of_nothing():
    stream = Stream()
    assert (send(stream, "events", [], lambda attempt: None), stream.requests) == (0, [])


def test_what_is_refused_is_sent_again_and_nothing_else_is():
    stream, lines, pauses = Stream({0, 2}, {1}), lines_of(3, RECORD_BYTES), []
    assert send(stream, "events", lines, pauses.append) == 3
    assert sorted(stream.lines()) == sorted(lines) and stream.requests == [3, 2, 1] and pauses == [1, 2]


def test_what_is_never_taken_is_said():
    stream, pauses = Stream(*[{0}] * ATTEMPTS), []
    with pytest.raises(NotSent, match=f"the stream events refused 1 records in {ATTEMPTS} attempts"):
        send(stream, "events", lines_of(1), pauses.append)
    assert len(stream.requests) == ATTEMPTS and len(pauses) == ATTEMPTS - 1
