"""Exports of a DynamoDB table to S3: the items in DynamoDB's JSON, written with the caller's rights.

MiniStack completes an export without writing anything, and ignores point in time recovery in templates.
"""

import contextvars
import copy
import json
import logging
import threading
import time
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from emulator.dynamodb import export_files
from emulator.iam import request_caller
from emulator.iam.credentials import Credentials

logger = logging.getLogger("emulator.exports")

_TABLE = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
_create_table = _TABLE["create"]
_handle_request, _start_export = dynamodb.handle_request, dynamodb._export_table_to_point_in_time


async def handle_request(method: str, path: str, headers: dict, body: bytes, query_params: dict) -> tuple:
    """Remembers who asks for an export."""
    if headers.get("x-amz-target", "").endswith(".ExportTableToPointInTime"):
        request_caller.remember(headers, query_params)
    return await _handle_request(method, path, headers, body, query_params)


def create_table(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple:
    """Makes a template's table, with point in time recovery if the template enables it."""
    name, attributes = _create_table(logical_id, props, stack_name)
    asked = (props.get("PointInTimeRecoverySpecification") or {}).get("PointInTimeRecoveryEnabled", False)
    dynamodb._pitr_settings[name] = str(asked).lower() == "true"
    return name, attributes


def start_export(data: dict[str, Any]) -> tuple:
    """Copies the table's items; a thread writes them."""
    name = dynamodb._table_name_from_arn(data.get("TableArn") or "")
    if name in dynamodb._tables and not dynamodb._pitr_settings.get(name, False):
        return error_response_json(
            "PointInTimeRecoveryUnavailableException", f"Point in time recovery is not enabled for table '{name}'", 400
        )
    unknown = {"ExportTime", "IncrementalExportSpecification"} & data.keys() or {"ION"} & {data.get("ExportFormat")}
    if unknown:
        return error_response_json(
            "ValidationException",
            f"the local emulator exports a table as it is now, in DYNAMODB_JSON, without {', '.join(sorted(unknown))}",
            400,
        )
    status, headers, body = _start_export(data)
    if status != 200:
        return status, headers, body
    export = dynamodb._exports[json.loads(body)["ExportDescription"]["ExportArn"]]
    # In milliseconds, as in the summary.
    export["ExportTime"] = int(export["StartTime"] * 1000) / 1000
    with dynamodb._lock:
        items = [copy.deepcopy(item) for rows in dynamodb._tables[name]["items"].values() for item in rows.values()]
    threading.Thread(
        target=contextvars.copy_context().run,
        args=(_write, export, items, request_caller.current()),
        daemon=True,
        name="table-export",
    ).start()
    return json_response({"ExportDescription": export})


def describe_export(data: dict[str, Any]) -> tuple:
    """An export is complete when its last object is written."""
    export = dynamodb._exports.get(data.get("ExportArn"))
    return (
        json_response({"ExportDescription": export})
        if export
        else error_response_json("ExportNotFoundException", f"Export not found: {data.get('ExportArn')}", 400)
    )


def _write(export: dict[str, Any], items: list[dict], who: Credentials) -> None:
    try:
        export_files.write(export, items, who)
        export["ExportStatus"] = "COMPLETED"
    except Exception as error:
        logger.exception("%s", export["ExportArn"])
        export.update(
            ExportStatus="FAILED", FailureCode=type(error).__name__, FailureMessage=str(error), EndTime=time.time()
        )


def apply() -> None:
    """Replaces how exports start and how they are described."""
    _TABLE["create"] = create_table
    dynamodb.handle_request = handle_request
    dynamodb._export_table_to_point_in_time, dynamodb._describe_export = start_export, describe_export
