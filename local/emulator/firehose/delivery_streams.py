"""Firehose buffers records into one object, compresses it, and writes it to S3 as the delivery role.

MiniStack writes one uncompressed object for each record, and loses those that S3 refuses.
"""

import gzip
import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from ministack.core import responses
from ministack.services import firehose

from emulator.cloudwatch.metrics import count
from emulator.iam import assumed_role
from emulator.server import periodic_task

logger = logging.getLogger("emulator.firehose")

# On AWS the interval is 60 s or more; whoever looks at a local lake does not want to wait for that.
_LONGEST_INTERVAL = 2.0
_STEP = 0.2
_PAUSE_AFTER_REFUSAL = 2.0
_SUFFIXES = {"UNCOMPRESSED": "", "GZIP": ".gz"}

_create = firehose._create_delivery_stream
_deliver_at_once = firehose._deliver_to_s3


@dataclass
class Buffer:
    """Records of one delivery stream that are not in S3 yet; they stay until S3 has accepted them."""

    stream: dict[str, Any]
    config: dict[str, Any]
    scope: tuple[str, str]
    opened: float = field(default_factory=time.time)
    not_before: float = 0.0
    records: list[bytes] = field(default_factory=list)
    counted: int = 0

    def is_due(self, now: float) -> bool:
        """Whether the buffer is full, or older than the stream's interval or two seconds."""
        hints = self.config.get("BufferingHints") or {}
        full = sum(map(len, self.records)) >= int(hints.get("SizeInMBs", 5)) * 1_000_000
        old = now - self.opened >= min(float(hints.get("IntervalInSeconds", 300)), _LONGEST_INTERVAL)
        return (full or old) and now >= self.not_before


_buffers: dict[str, Buffer] = {}
_lock = threading.Lock()


def create_delivery_stream(data: dict[str, Any]) -> tuple:
    """Refuses a compression that is not supported here."""
    _type, config = firehose._resolve_dest_type_and_config(data)
    compression = (config or {}).get("CompressionFormat", "UNCOMPRESSED")
    if compression not in _SUFFIXES:
        return firehose._invalid(f"the local emulator does not compress with {compression}; it knows {', '.join(_SUFFIXES)}")
    return _create(data)


def deliver(stream: dict[str, Any], destination: dict[str, Any], record: bytes, lambda_keys: dict | None = None) -> None:
    """Buffers a record; MiniStack handles streams that convert or partition records."""
    config = destination["config"]
    if (config.get("DataFormatConversionConfiguration") or {}).get("Enabled") or (config.get("DynamicPartitioningConfiguration") or {}).get("Enabled"):
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
        if not _write(buffer, taken):
            buffer.not_before = now + _PAUSE_AFTER_REFUSAL
            continue
        with _lock:
            del buffer.records[: len(taken)]
            buffer.opened, buffer.counted = time.time(), 0
            if not buffer.records:
                del _buffers[key]


def _write(buffer: Buffer, records: list[bytes]) -> bool:
    """Whether S3 accepted the object; if not, the caller tries again."""
    compression = buffer.config.get("CompressionFormat", "UNCOMPRESSED")
    body = b"".join(records)
    responses._request_account_id.set(buffer.scope[0])
    responses._request_region.set(buffer.scope[1])
    if not _may_read_source(buffer.stream):
        logger.error("%s: %d records wait, its role may not read the source", buffer.stream["name"], len(records))
        return False
    _tell(buffer, len(records))
    try:
        assumed_role.client(buffer.config["RoleARN"], "s3").put_object(
            Bucket=firehose._s3_bucket_from_arn(buffer.config["BucketARN"]),
            Key=_key(buffer, _SUFFIXES[compression]),
            Body=gzip.compress(body) if compression == "GZIP" else body,
        )
    except Exception:
        logger.exception("%s: %d records wait, S3 did not take them", buffer.stream["name"], len(records))
        return False
    logger.info("%s: %d records written", buffer.stream["name"], len(records))
    return True


def _tell(buffer: Buffer, held: int) -> None:
    """Counts what was read from Kinesis, how far behind that was, and the age of the oldest record not in S3."""
    name, age = buffer.stream["name"], time.time() - buffer.opened
    if buffer.stream.get("kinesis_source"):
        count("AWS/Firehose", "DataReadFromKinesisStream.Records", held - buffer.counted, DeliveryStreamName=name)
        count("AWS/Firehose", "KinesisMillisBehindLatest", age * 1000 if buffer.counted == 0 else 0, "Milliseconds", DeliveryStreamName=name)
        buffer.counted = held
    count("AWS/Firehose", "DeliveryToS3.DataFreshness", age, "Seconds", DeliveryStreamName=name)


def _may_read_source(stream: dict[str, Any]) -> bool:
    """Firehose reads a Kinesis stream as the source's role; MiniStack passes it the records."""
    source = stream.get("kinesis_source")
    return not source or assumed_role.allows(source["RoleARN"], "kinesis:GetRecords", source["KinesisStreamARN"])


def _key(buffer: Buffer, suffix: str) -> str:
    """The arrival of the oldest record decides the prefix."""
    arrived = time.gmtime(buffer.opened)
    prefix = firehose._evaluate_prefix(buffer.config.get("Prefix", ""), arrived)
    stamp = time.strftime("%Y-%m-%d-%H-%M-%S", arrived)
    name = f"{buffer.stream['name']}-{buffer.stream.get('version', 1)}-{stamp}-{uuid.uuid4()}"
    return f"{prefix}{name}{buffer.config.get('FileExtension') or suffix}"


def apply() -> None:
    """Replaces the delivery, and starts the thread that flushes."""
    firehose._deliver_to_s3 = deliver
    firehose._create_delivery_stream = create_delivery_stream
    periodic_task.start(flush_due, _STEP, "firehose-flush")
