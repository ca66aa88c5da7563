"""Metrics that functions, streams, tables, queues and APIs count.

MiniStack counts only invocations through Lambda's API: not those of mappings and HTTP APIs, and not the metrics that
functions print.
"""

import base64
import json
import logging
import math
import time
from typing import Any

from ministack.core import responses
from ministack.services import apigateway, cloudwatch, dynamodb, kinesis, lambda_svc, sqs

from emulator.server import periodic_task

logger = logging.getLogger("emulator.metrics")

_PAUSE = 1.0
_OFTEN = 3
_dispatch, _logs = lambda_svc._execute_function_dispatch, lambda_svc._emit_lambda_logs
_put_record, _put_records = kinesis._put_record, kinesis._put_records
_emit_change = dynamodb._emit_stream_event
_proxy = apigateway.handle_execute


def count(namespace: str, name: str, value: float, unit: str = "Count", **dimensions: str) -> None:
    """Adds a value to a metric."""
    cloudwatch.record_metric(namespace, name, value, unit, dimensions)


def execute(
    func: dict[str, Any], config: dict[str, Any], event: dict[str, Any], request_id: str, started: float
) -> dict[str, Any]:
    """Counts every invocation."""
    result = _dispatch(func, config, event, request_id, started)
    name = config["FunctionName"]
    count("AWS/Lambda", "Invocations", 1, FunctionName=name)
    count("AWS/Lambda", "Errors", 1 if result.get("error") else 0, FunctionName=name)
    count("AWS/Lambda", "Duration", (time.time() - started) * 1000, "Milliseconds", FunctionName=name)
    return result


def not_started(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
    """Counts a throttle once: Lambda's API reports it a second time, with a duration."""
    if throttle and duration_ms == 0:
        count("AWS/Lambda", "Throttles", 1, FunctionName=function_name)


def logs(func: dict, request_id: str, log_text: str, error: bool, duration_ms: int, **more: Any) -> None:
    """Counts the metrics that a function printed in CloudWatch's embedded format."""
    for line in log_text.splitlines():
        if '"_aws"' in line:
            try:
                _count_embedded(json.loads(line[line.index("{") :]))
            except (ValueError, KeyError, TypeError):
                logger.exception("metrics that cannot be read: %s", line)
    _logs(func, request_id, log_text, error, duration_ms, **more)


def _count_embedded(said: dict[str, Any]) -> None:
    for directive in said["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            for metric in directive["Metrics"]:
                values = said[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    count(
                        directive["Namespace"],
                        metric["Name"],
                        value,
                        metric.get("Unit", "None"),
                        **{name: said[name] for name in dimensions},
                    )


def put_record(data: dict[str, Any]) -> tuple:
    """Counts the records that a stream accepted."""
    answer = _put_record(data)
    if answer[0] == 200:
        _count_incoming(data, [data])
    return answer


def put_records(data: dict[str, Any]) -> tuple:
    """As for `put_record`."""
    answer = _put_records(data)
    if answer[0] == 200:
        _count_incoming(data, data.get("Records", []))
    return answer


def _count_incoming(data: dict[str, Any], records: list[dict[str, Any]]) -> None:
    name = data.get("StreamName") or data.get("StreamARN", "").rsplit("/", 1)[-1]
    size = sum(
        len(base64.b64decode(record.get("Data", ""))) + len(record.get("PartitionKey", "")) for record in records
    )
    count("AWS/Kinesis", "IncomingRecords", len(records), StreamName=name)
    count("AWS/Kinesis", "IncomingBytes", size, "Bytes", StreamName=name)


def emit_change(
    table: str, event: str, old: dict[str, Any] | None, new: dict[str, Any] | None, *more: Any, **named: Any
) -> None:
    """Counts a unit for each KB that a write consumes; AWS also counts refused writes, and transactions twice."""
    _emit_change(table, event, old, new, *more, **named)
    units = max(math.ceil(dynamodb._item_size_bytes(item) / 1024) for item in (old or {}, new or {}))
    count("AWS/DynamoDB", "ConsumedWriteCapacityUnits", max(1, units), TableName=table)


def look_at_queues() -> None:
    """Counts each queue's visible messages, and the age of the oldest that was received less than three times."""
    now = time.time()
    for (account, region, _url), queue in list(sqs._queues._data.items()):
        responses._request_account_id.set(account)
        responses._request_region.set(region)
        messages, name = list(queue["messages"]), queue["name"]
        if messages:
            count(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                sum(message["visible_at"] <= now for message in messages),
                QueueName=name,
            )
            ages = [now - message["sent_at"] for message in messages if message.get("receive_count", 0) < _OFTEN]
            count("AWS/SQS", "ApproximateAgeOfOldestMessage", max(ages, default=0), "Seconds", QueueName=name)


async def answer_http(api_id: str, *rest: Any, **named: Any) -> tuple:
    """Counts the answers of an HTTP API."""
    answer = await _proxy(api_id, *rest, **named)
    count("AWS/ApiGateway", "Count", 1, ApiId=api_id)
    count("AWS/ApiGateway", "5xx", 1 if answer[0] >= 500 else 0, ApiId=api_id)
    return answer


def apply() -> None:
    """Replaces functions by ones that also count."""
    lambda_svc._execute_function_dispatch, lambda_svc._emit_lambda_metrics, lambda_svc._emit_lambda_logs = (
        execute,
        not_started,
        logs,
    )
    kinesis._put_record, kinesis._put_records = put_record, put_records
    dynamodb._emit_stream_event = emit_change
    apigateway.handle_execute = answer_http
    periodic_task.start(look_at_queues, _PAUSE, "queue-metrics")
