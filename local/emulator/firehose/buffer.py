"""Records of one delivery stream on their way to S3."""

import gzip
import logging
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from ministack.core import responses
from ministack.services import firehose

from emulator.cloudwatch.metrics import count
from emulator.iam import assumed_role

logger = logging.getLogger("emulator.firehose")

# On AWS the interval is 60 s or more; whoever looks at a local lake does not want to wait for that.
_LONGEST_INTERVAL = 2.0
SUFFIXES = {"UNCOMPRESSED": "", "GZIP": ".gz"}


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


def write(buffer: Buffer, records: list[bytes]) -> bool:
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
            Key=_key(buffer, SUFFIXES[compression]),
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
        count(
            "AWS/Firehose",
            "KinesisMillisBehindLatest",
            age * 1000 if buffer.counted == 0 else 0,
            "Milliseconds",
            DeliveryStreamName=name,
        )
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
