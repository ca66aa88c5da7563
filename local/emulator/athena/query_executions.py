"""Starts, runs, stops and pages queries, as their workgroup says.

MiniStack passes a query to DuckDB as it is, over Hive tables only, reads S3 without asking IAM, and lets a client
choose where an enforced workgroup writes.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

from botocore.exceptions import ClientError
from ministack.core.responses import error_response_json, json_response
from ministack.services import athena

from emulator.athena import results, utility_statements, workgroups
from emulator.athena.engine import Answer, run
from emulator.athena.grammar.statements import QueryFailed
from emulator.iam import request_caller
from emulator.iam.credentials import Credentials

logger = logging.getLogger("emulator.athena")

_MOST_RESULTS = 1000

_handle = athena.handle_request
_start = athena._start_query_execution
_execute = athena._execute_query
_results = athena._get_query_results
_stop = athena._stop_query_execution

_stops: dict[str, Callable[[], None]] = {}


async def handle_request(method: str, path: str, headers: dict, body: bytes, query_params: dict) -> tuple:
    """Remembers who asks."""
    request_caller.remember(headers, query_params)
    return await _handle(method, path, headers, body, query_params)


def start_query_execution(data: dict[str, Any]) -> tuple:
    """Starts a query where and how its workgroup wants it, if that is enforced."""
    name = data.get("WorkGroup", "primary")
    group = athena._workgroups.get(name)
    if group is None or group["State"] != "ENABLED":
        return _invalid(f"WorkGroup {name} is {'not found' if group is None else 'disabled'}.")
    chosen = workgroups.result_configuration(name, data.get("ResultConfiguration"))
    status, answer_headers, body = _start({**data, "ResultConfiguration": chosen})
    if status == 200:
        execution = athena._executions[json.loads(body)["QueryExecutionId"]]
        suffix = "csv" if execution["StatementType"] == "DML" else "txt"
        location = f"{chosen['OutputLocation']}{execution['QueryExecutionId']}.{suffix}"
        execution["ResultConfiguration"] = {**chosen, "OutputLocation": location}
    return status, answer_headers, body


async def execute_query(query_id: str, query: str, database: str, ddl: Any, catalog: str | None = None) -> None:
    """Runs a query in a thread, while the server answers DuckDB's reads; MiniStack runs table definitions."""
    if ddl is not None:
        await _execute(query_id, query, database, ddl, catalog)
        return
    execution, began = athena._executions[query_id], time.monotonic()
    execution["Status"]["State"] = "RUNNING"
    state, reason = "SUCCEEDED", ""
    try:
        await asyncio.to_thread(_answer, execution, query, database)
    except QueryFailed as error:
        state, reason = "FAILED", str(error)
    except workgroups.LimitExceeded as error:
        state, reason = "CANCELLED", str(error)
    except Exception as error:
        logger.exception("query %s failed", query_id)
        state, reason = "FAILED", f"GENERIC_INTERNAL_ERROR: {error}"
    finally:
        _stops.pop(query_id, None)
    elapsed = int((time.monotonic() - began) * 1000)
    execution["Statistics"].update(EngineExecutionTimeInMillis=elapsed, TotalExecutionTimeInMillis=elapsed)
    if execution["Status"]["State"] == "RUNNING":
        execution["Status"].update(State=state, StateChangeReason=reason, CompletionDateTime=int(time.time()))


def _answer(execution: dict[str, Any], query: str, database: str) -> None:
    who, query_id = request_caller.current(), execution["QueryExecutionId"]
    answer = utility_statements.answer(query, database, who) or run(
        query, database, who, lambda stop: _stops.update({query_id: stop})
    )
    execution["Statistics"]["DataScannedInBytes"] = answer.scanned
    workgroups.check_scanned(execution["WorkGroup"], answer.scanned)
    _write(execution["ResultConfiguration"], answer, who)
    execution["_answer"] = answer


def _write(where: dict[str, Any], answer: Answer, who: Credentials) -> None:
    """Writes the result to S3 with the caller's rights and the workgroup's encryption."""
    location = urlparse(where["OutputLocation"])
    encryption = where.get("EncryptionConfiguration") or {}
    kms = (
        {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": encryption.get("KmsKey")}
        if encryption.get("EncryptionOption") == "SSE_KMS"
        else {}
    )
    try:
        who.client("s3").put_object(
            Bucket=location.netloc, Key=location.path.lstrip("/"), Body=results.stored(answer), **kms
        )
    except ClientError as error:
        raise QueryFailed(f"Access denied when writing to location: {where['OutputLocation']}: {error}") from error


def get_query_results(data: dict[str, Any]) -> tuple:
    """A page of a result: at most 1,000 rows, including the row of names."""
    execution = athena._executions.get(data.get("QueryExecutionId"))
    answer = (execution or {}).get("_answer")
    if answer is None:
        return _results(data)
    size, token = data.get("MaxResults", _MOST_RESULTS), data.get("NextToken") or "0"
    if not 1 <= size <= _MOST_RESULTS:
        return _invalid(f"MaxResults is {size}; it must be from 1 to {_MOST_RESULTS}")
    if not token.isdigit():
        return _invalid("NextToken is none that a page gave")
    return json_response(results.page(answer, int(token), size))


def stop_query_execution(data: dict[str, Any]) -> tuple:
    """Stops the engine, too."""
    answered = _stop(data)
    if stop := _stops.get(data.get("QueryExecutionId")):
        stop()
    return answered


def _invalid(message: str) -> tuple:
    return error_response_json("InvalidRequestException", message, 400)


def apply() -> None:
    """Replaces how queries are started, run, stopped and answered."""
    athena.handle_request = handle_request
    athena._start_query_execution = start_query_execution
    athena._execute_query = execute_query
    athena._get_query_results = get_query_results
    athena._stop_query_execution = stop_query_execution
