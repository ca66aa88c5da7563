"""Reads the topics of one event source mapping. An offset is committed after the function took its records."""

import logging
import time
from collections.abc import Callable
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from ministack.core import responses
from ministack.services import lambda_svc

from emulator.cloudwatch.metrics import count
from emulator.kafka.connection import servers, settings
from emulator.kafka.invocation import event_of, fitting

logger = logging.getLogger("emulator.kafka")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0
_POLL = 0.5
# After these the secrets are read again, because somebody may have changed them.
_REFUSED = (KafkaError._AUTHENTICATION, KafkaError._SSL)


class TopicReader:
    """A member of the mapping's consumer group. Its records go to the function in the order of their partitions.

    Lambda tries a batch again until the function takes it: only provisioned mode bounds tries, splits batches and
    reports single records, and this emulator has no provisioned mode.
    """

    def __init__(self, account: str, region: str, mapping: dict[str, Any], is_active: Callable[[], bool]) -> None:
        self._account, self._region = account, region
        self._mapping = mapping
        self._is_active = is_active
        self._refusal: KafkaError | None = None

    def run(self) -> None:
        """Reads until the mapping is off or gone."""
        responses._request_account_id.set(self._account)
        responses._request_region.set(self._region)
        consumer = None
        try:
            made = settings(self._mapping, self._function()["config"]["Role"])
            consumer = Consumer(made | {"error_cb": self._note}, logger=logger)
            consumer.subscribe(list(self._mapping["Topics"]))
            while self._is_active() and self._refusal is None:
                self._step(consumer)
            if self._refusal is not None:
                raise KafkaException(self._refusal)
        except Exception as error:
            self._mapping["LastProcessingResult"] = f"PROBLEM: {error}"
            logger.exception("%s: its topics cannot be read", self._mapping["FunctionName"])
            time.sleep(_LONGEST_PAUSE)
        finally:
            if consumer is not None:
                consumer.close()

    def _note(self, error: KafkaError) -> None:
        if error.code() in _REFUSED:
            self._refusal = error

    def _function(self) -> dict[str, Any]:
        function, _config = lambda_svc._get_func_record_for_qualifier(
            self._mapping["FunctionName"], self._mapping.get("Qualifier")
        )
        if function is None:
            raise LookupError("the function is gone")
        return function

    def _step(self, consumer: Consumer) -> None:
        taken = consumer.consume(int(self._mapping.get("BatchSize", 100)), _POLL)
        for problem in (message.error() for message in taken if message.error() is not None):
            self._mapping["LastProcessingResult"] = f"PROBLEM: {problem.str()}"
            logger.warning("%s: %s", self._mapping["FunctionName"], problem.str())
        rest = [message for message in taken if message.error() is None]
        while rest:
            size = fitting(rest)
            if not self._deliver(rest[:size]):
                return
            self._commit(consumer, rest[:size])
            rest = rest[size:]
        self._tell_lag(consumer)

    def _deliver(self, messages: list[Message]) -> bool:
        """Invokes the function until it takes the records; False when the mapping is off or gone before."""
        event, pause = event_of(messages, servers(self._mapping)), _FIRST_PAUSE
        while self._is_active():
            result = lambda_svc._execute_function(self._function(), event)
            if not result.get("error") and not result.get("throttle"):
                self._mapping["LastProcessingResult"] = "OK"
                return True
            self._mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
            said = result.get("log") or result.get("body")
            logger.warning("%s: %d records are tried again: %s", self._mapping["FunctionName"], len(messages), said)
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, 2 * pause)
        return False

    def _commit(self, consumer: Consumer, messages: list[Message]) -> None:
        """A commit that fails lets the records come again after a restart, as on AWS."""
        ends: dict[tuple[str, int], int] = {}
        for message in messages:
            ends[message.topic(), message.partition()] = message.offset() + 1
        offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in ends.items()]
        try:
            consumer.commit(offsets=offsets, asynchronous=False)
        except KafkaException as error:
            logger.warning("%s: offsets are not committed: %s", self._mapping["FunctionName"], error)

    def _tell_lag(self, consumer: Consumer) -> None:
        """Counts how many records wait; a broker that does not answer tells nothing."""
        try:
            places = consumer.position(consumer.assignment())
            ends = [consumer.get_watermark_offsets(place, cached=True) for place in places]
        except KafkaException:
            return
        lag = sum(end[1] - max(place.offset, end[0]) for place, end in zip(places, ends, strict=True) if end[1] >= 0)
        count("AWS/Lambda", "OffsetLag", max(0, lag), FunctionName=self._mapping["FunctionName"])
