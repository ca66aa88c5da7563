"""The record of an invocation that Lambda gave up, in the form that AWS documents."""

import json
import logging
import time
import uuid
from typing import Any

from ministack.core.arn import parse_arn

from emulator.cloudwatch.metrics import count
from emulator.iam import assumed_role
from emulator.streams.batch import Discard

logger = logging.getLogger("emulator.stream")


def keep(discard: Discard, mapping: dict[str, Any], function: dict[str, Any], shard: str, info_key: str) -> None:
    """Writes given-up records to the mapping's on-failure destination, as the function's role; otherwise drops them."""
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        logger.error(
            "%s: %d records lost (%s), no on-failure destination",
            function["FunctionName"],
            len(discard.batch.records),
            discard.condition,
        )
        return
    record = _invocation_record(discard, mapping, function, shard, info_key)
    target = parse_arn(destination)
    try:
        _send(target, record, discard, mapping, function, shard)
        count(
            "AWS/Lambda",
            "OnFailureDestinationDeliveredEventCount",
            len(discard.batch.records),
            EventSourceMappingUUID=mapping["UUID"],
        )
    except Exception:
        count("AWS/Lambda", "DestinationDeliveryFailures", 1, FunctionName=function["FunctionName"])
        logger.exception(
            "%s: %d records lost, %s refused them", function["FunctionName"], len(discard.batch.records), destination
        )


def _send(target: Any, record: dict, discard: Discard, mapping: dict, function: dict, shard: str) -> None:
    """Only S3 gets the payload; the other destinations are too small for it."""
    client = assumed_role.client(function["Role"], target.service)
    if target.service == "s3":
        payload = json.dumps({"Records": [entry.event for entry in discard.batch.records]})
        body = json.dumps({**record, "payload": payload}).encode()
        client.put_object(
            Bucket=target.resource, Key=_key(mapping["UUID"], shard), Body=body, ContentType="application/json"
        )
    elif target.service == "sqs":
        url = client.get_queue_url(QueueName=target.resource)["QueueUrl"]
        client.send_message(QueueUrl=url, MessageBody=json.dumps(record))
    elif target.service == "sns":
        client.publish(TopicArn=str(target), Message=json.dumps(record))
    else:
        raise ValueError(f"{target.service} is no destination of a stream's failures; sqs, sns and s3 are")


def _invocation_record(discard: Discard, mapping: dict, function: dict, shard: str, info_key: str) -> dict[str, Any]:
    first, last = discard.batch.records[0], discard.batch.records[-1]
    invoked = discard.batch.failures
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping["FunctionArn"],
            "condition": discard.condition,
            "approximateInvokeCount": invoked,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": function.get("Version", "$LATEST"),
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": _iso(time.time()),
        info_key: {
            "shardId": shard,
            "startSequenceNumber": first.sequence,
            "endSequenceNumber": last.sequence,
            "approximateArrivalOfFirstRecord": _iso(first.arrived),
            "approximateArrivalOfLastRecord": _iso(last.arrived),
            "batchSize": len(discard.batch.records),
            "streamArn": mapping["EventSourceArn"],
        },
    }


def _iso(instant: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant)) + f".{int(instant * 1000) % 1000:03d}Z"


def _key(mapping_id: str, shard: str) -> str:
    now = time.gmtime()
    return f"aws/lambda/{mapping_id}/{shard}/{time.strftime('%Y/%m/%d/%Y-%m-%dT%H.%M.%S', now)}-{uuid.uuid4()}"
