"""Firehose buffers records into one object, compresses it, and writes it to S3 as the delivery role.

MiniStack writes one uncompressed object for each record, and loses those that S3 refuses.
"""

import logging
import threading
import time
from typing import Any

from ministack.core import responses
from ministack.services import firehose

from emulator.firehose.buffer import SUFFIXES, Buffer, write
from emulator.server import periodic_task

logger = logging.getLogger("emulator.firehose")

_STEP = 0.2
_PAUSE_AFTER_REFUSAL = 2.0

_create = firehose._create_delivery_stream
_deliver_at_once = firehose._deliver_to_s3


_buffers: dict[str, Buffer] = {}
_lock = threading.Lock()


def create_delivery_stream(data: dict[str, Any]) -> tuple:
    """Refuses a compression that is not supported here."""
    _type, config = firehose._resolve_dest_type_and_config(data)
    compression = (config or {}).get("CompressionFormat", "UNCOMPRESSED")
    if compression not in SUFFIXES:
        return firehose._invalid(
            f"the local emulator does not compress with {compression}; it knows {', '.join(SUFFIXES)}"
        )
    return _create(data)


def deliver(
    stream: dict[str, Any], destination: dict[str, Any], record: bytes, lambda_keys: dict | None = None
) -> None:
    """Buffers a record; MiniStack handles streams that convert or partition records."""
    config = destination["config"]
    if (config.get("DataFormatConversionConfiguration") or {}).get("Enabled") or (
        config.get("DynamicPartitioningConfiguration") or {}
    ).get("Enabled"):
        _deliver_at_once(stream, destination, record, lambda_keys)
        return
    scope = (responses.get_account_id(), responses.get_region())
    with _lock:
        buffer = _buffers.setdefault(destination["id"], Buffer(stream, config, scope))
        buffer.records.append(record)


def flush_due() -> None:
    """Writes every buffer that is due."""
    now = time.time()
    for key, buffer in list(_buffers.items()):
        if not buffer.is_due(now):
            continue
        with _lock:
            taken = list(buffer.records)
        if not write(buffer, taken):
            buffer.not_before = now + _PAUSE_AFTER_REFUSAL
            continue
        with _lock:
            del buffer.records[: len(taken)]
            buffer.opened, buffer.counted = time.time(), 0
            if not buffer.records:
                del _buffers[key]


def apply() -> None:
    """Replaces the delivery, and starts the thread that flushes."""
    firehose._deliver_to_s3 = deliver
    firehose._create_delivery_stream = create_delivery_stream
    periodic_task.start(flush_due, _STEP, "firehose-flush")
