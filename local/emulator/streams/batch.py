"""What happens to a batch of stream records after an invocation. Pure: no clock, no MiniStack."""

from dataclasses import dataclass, field
from typing import Any

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "MaxRecordAgeExceeded"


@dataclass(frozen=True)
class Record:
    """One record of a stream and the event entry that a function gets for it."""

    sequence: str
    arrived: float
    event: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """Records that are invoked together; `failures` counts the invocations in a row whose first record was not done."""

    records: tuple[Record, ...]
    failures: int = 0


@dataclass(frozen=True)
class Policy:
    """How an event source mapping treats failures; None is no bound."""

    max_retries: int | None
    max_age: int | None
    bisects: bool
    reports_failures: bool

    @staticmethod
    def of(mapping: dict[str, Any]) -> "Policy":
        """Reads a mapping; -1 stands for no bound."""

        def bound(name: str) -> int | None:
            value = int(mapping.get(name, -1))
            return None if value < 0 else value

        bisects = str(mapping.get("BisectBatchOnFunctionError", False)).lower() == "true"
        reports = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])
        return Policy(bound("MaximumRetryAttempts"), bound("MaximumRecordAgeInSeconds"), bisects, reports)


@dataclass(frozen=True)
class Discard:
    """Records that Lambda gives up, and the reason."""

    batch: Batch
    condition: str


@dataclass(frozen=True)
class Verdict:
    """What to invoke again, in this order, and what to give up."""

    again: list[Batch] = field(default_factory=list)
    discarded: list[Discard] = field(default_factory=list)


def records_done(response: Any, records: tuple[Record, ...]) -> int:
    """How many records come before the lowest reported failure; none when a reported identifier is unknown."""
    failures = response.get("batchItemFailures") if isinstance(response, dict) else None
    if not failures:
        return len(records)
    positions = {record.sequence: position for position, record in enumerate(records)}
    try:
        return min(positions[failure["itemIdentifier"]] for failure in failures)
    except (KeyError, TypeError):
        return 0


def after_error(batch: Batch, policy: Policy) -> Verdict:
    """An error fails the whole batch. Splitting it does not use up the retries."""
    if policy.bisects and len(batch.records) > 1:
        middle = len(batch.records) // 2
        return Verdict(again=[Batch(batch.records[:middle]), Batch(batch.records[middle:])])
    return _retry(Batch(batch.records, batch.failures + 1), policy)


def after_response(batch: Batch, response: Any, policy: Policy) -> Verdict:
    """Delivers the lowest failed record, and everything after it, again."""
    done = records_done(response, batch.records) if policy.reports_failures else len(batch.records)
    if done == len(batch.records):
        return Verdict()
    if done == 0 and not _is_reported(response, batch.records):
        return after_error(batch, policy)
    return _retry(Batch(batch.records[done:], 1 if done else batch.failures + 1), policy)


def without_old(batch: Batch, policy: Policy, now: float) -> Verdict:
    """Separates the records that are older than the mapping allows."""
    if policy.max_age is None:
        return Verdict(again=[batch])
    fresh = tuple(record for record in batch.records if now - record.arrived <= policy.max_age)
    old = tuple(record for record in batch.records if now - record.arrived > policy.max_age)
    return Verdict(
        again=[Batch(fresh, batch.failures if not old else 0)] if fresh else [],
        discarded=[Discard(Batch(old, batch.failures), TOO_OLD)] if old else [],
    )


def _is_reported(response: Any, records: tuple[Record, ...]) -> bool:
    known = {record.sequence for record in records}
    return all(
        isinstance(failure, dict) and failure.get("itemIdentifier") in known
        for failure in response["batchItemFailures"]
    )


def _retry(batch: Batch, policy: Policy) -> Verdict:
    if policy.max_retries is not None and batch.failures > policy.max_retries:
        return Verdict(discarded=[Discard(batch, RETRIES_EXHAUSTED)])
    return Verdict(again=[batch])
