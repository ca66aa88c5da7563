"""Reads one shard for one event source mapping, in order, until nothing is left."""

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from ministack.core.concurrency import esm_wake
from ministack.services import lambda_svc

from emulator.cloudwatch.metrics import count
from emulator.streams import failed_batch
from emulator.streams.batch import Batch, Policy, Record, Verdict, after_error, after_response, without_old

logger = logging.getLogger("emulator.stream")

_PAYLOAD_LIMIT = 6_000_000
_WINDOW_STEP, _LONGEST_WINDOW = 0.02, 1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0


class Source(Protocol):
    """A shard: `read` gives records from a position on, each with the position behind it."""

    shard: str
    info_key: str

    def read(self, position: Any, limit: int) -> list[tuple[Any, Record]]: ...


class ShardReader:
    """Owns a position in a shard. `busy` while a thread drains it, so batches of a shard never overlap.

    It counts what it reads for every mapping: MiniStack does not keep which metrics a mapping asks for.
    """

    def __init__(self, source: Source, position: Any) -> None:
        self.source = source
        self.position = position
        self.busy = False

    def has_records(self) -> bool:
        """Whether there is anything to invoke."""
        return bool(self.source.read(self.position, 1))

    def drain(self, mapping: dict[str, Any], function: dict[str, Any], is_active: Callable[[], bool]) -> None:
        """Invokes batch after batch until the shard is empty or the mapping is gone."""
        try:
            while is_active() and (taken := self._take(mapping)):
                count("AWS/Lambda", "PolledEventCount", len(taken), EventSourceMappingUUID=mapping["UUID"])
                batches = deque([_filtered(Batch(tuple(record for _position, record in taken)), mapping)])
                while batches and is_active():
                    batches.extendleft(reversed(self._invoke(batches.popleft(), mapping, function)))
                if batches:
                    return
                self.position = taken[-1][0]
        finally:
            self.busy = False
            esm_wake.set()

    def _take(self, mapping: dict[str, Any]) -> list[tuple[Any, Record]]:
        """Waits until a batch is full by count or bytes, or its window is over; the window is shorter than on AWS."""
        limit = int(mapping.get("BatchSize", 100))
        window = min(int(mapping.get("MaximumBatchingWindowInSeconds") or 0), _LONGEST_WINDOW)
        while True:
            taken = self.source.read(self.position, limit)
            fitting = _within_payload(taken)
            if len(fitting) < len(taken) or len(taken) in (0, limit) or time.time() >= taken[0][1].arrived + window:
                return fitting
            time.sleep(_WINDOW_STEP)

    def _invoke(self, batch: Batch, mapping: dict[str, Any], function: dict[str, Any]) -> list[Batch]:
        policy = Policy.of(mapping)
        verdict = without_old(batch, policy, time.time())
        again: list[Batch] = []
        self._keep(verdict, mapping, function)
        for fresh in verdict.again:
            again += self._outcome(fresh, policy, mapping, function)
        return again

    def _outcome(self, batch: Batch, policy: Policy, mapping: dict[str, Any], function: dict[str, Any]) -> list[Batch]:
        if not batch.records:
            return []
        _tell_age(batch, function)
        result = lambda_svc._execute_function(function, {"Records": [record.event for record in batch.records]})
        if result.get("throttle"):
            time.sleep(_LONGEST_PAUSE)
            return [batch]
        verdict = (
            after_error(batch, policy) if result.get("error") else after_response(batch, result.get("body"), policy)
        )
        _tell(mapping, batch, verdict, result)
        self._keep(verdict, mapping, function)
        if verdict.again:
            time.sleep(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**batch.failures))
        return verdict.again

    def _keep(self, verdict: Verdict, mapping: dict[str, Any], function: dict[str, Any]) -> None:
        for discard in verdict.discarded:
            failed_batch.keep(discard, mapping, function["config"], self.source.shard, self.source.info_key)


def _tell_age(batch: Batch, function: dict[str, Any]) -> None:
    """Counts how long the oldest record has waited."""
    waited = time.time() - min(record.arrived for record in batch.records)
    name = function["config"]["FunctionName"]
    count("AWS/Lambda", "IteratorAge", max(0, waited) * 1000, "Milliseconds", FunctionName=name)


def _filtered(batch: Batch, mapping: dict[str, Any]) -> Batch:
    kept = lambda_svc._apply_filter_criteria([record.event for record in batch.records], mapping)
    identities = {id(event) for event in kept}
    return Batch(tuple(record for record in batch.records if id(record.event) in identities))


def _within_payload(taken: list[tuple[Any, Record]]) -> list[tuple[Any, Record]]:
    size = 0
    for place, (_position, record) in enumerate(taken):
        size += len(str(record.event))
        if place and size > _PAYLOAD_LIMIT:
            return taken[:place]
    return taken


def _tell(mapping: dict[str, Any], batch: Batch, verdict: Verdict, result: dict[str, Any]) -> None:
    waiting = sum(len(again.records) for again in verdict.again)
    mapping["LastProcessingResult"] = (
        "FAILED" if result.get("error") else "OK" if not waiting else "OK - partial failures"
    )
    logger.info(
        "%s: %d records, %d to deliver again, %d discarded",
        mapping["FunctionName"],
        len(batch.records),
        waiting,
        sum(len(discard.batch.records) for discard in verdict.discarded),
    )
    if output := result.get("log"):
        logger.info("%s printed:\n%s", mapping["FunctionName"], output)
