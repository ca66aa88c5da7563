"""The shards that event source mappings read: those of a Kinesis stream, and the one that a table's stream has here."""

from bisect import bisect_right
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import dynamodb

from emulator.streams.batch import Record

TABLE_SHARD = "shardId-00000000000000000000-00000000"


class KinesisShard:
    """A shard of a Kinesis stream; a position is the last sequence number read, for records expire from the front."""

    info_key = "KinesisBatchInfo"

    def __init__(self, shard_id: str, shard: dict[str, Any], stream_arn: str) -> None:
        self.shard = shard_id
        self._shard = shard
        self._stream_arn = stream_arn

    def start(self, starting: str) -> str:
        """The position a mapping begins at."""
        records = self._shard["records"]
        return "" if starting == "TRIM_HORIZON" or not records else records[-1]["SequenceNumber"]

    def read(self, position: str, limit: int) -> list[tuple[str, Record]]:
        """Records behind a position."""
        records = self._shard["records"]
        first = bisect_right(records, position, key=lambda record: record["SequenceNumber"])
        return [(record["SequenceNumber"], self._record(record)) for record in records[first : first + limit]]

    def _record(self, record: dict[str, Any]) -> Record:
        arrived, sequence = record["ApproximateArrivalTimestamp"], record["SequenceNumber"]
        return Record(
            sequence,
            arrived,
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": record["PartitionKey"],
                    "sequenceNumber": sequence,
                    "data": record["Data"],
                    "approximateArrivalTimestamp": arrived,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"{self.shard}:{sequence}",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": f"arn:aws:iam::{get_account_id()}:role/lambda-role",
                "awsRegion": get_region(),
                "eventSourceARN": self._stream_arn,
            },
        )


class TableStream:
    """The stream of a table, one shard in this emulator; a position counts records since the stream began."""

    info_key = "DDBStreamBatchInfo"
    shard = TABLE_SHARD

    def __init__(self, table: str) -> None:
        self._table = table

    def start(self, starting: str) -> int:
        """The position a mapping begins at."""
        return (
            dynamodb.stream_start_position(self._table)
            if starting == "TRIM_HORIZON"
            else dynamodb.stream_end_position(self._table)
        )

    def read(self, position: int, limit: int) -> list[tuple[int, Record]]:
        """Records behind a position."""
        first = max(position, dynamodb.stream_start_position(self._table))
        records = dynamodb.stream_records_since(self._table, first, limit)
        return [(first + count, self._record(record)) for count, record in enumerate(records, start=1)]

    @staticmethod
    def _record(event: dict[str, Any]) -> Record:
        change = event["dynamodb"]
        return Record(change["SequenceNumber"], float(change["ApproximateCreationDateTime"]), event)
