"""Exports of a DynamoDB table to S3: the items in DynamoDB's JSON, written with the caller's rights.

MiniStack completes an export without writing anything, and ignores point in time recovery in templates.
"""

import base64
import contextvars
import copy
import gzip
import hashlib
import json
import logging
import threading
import time
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

from emulator.iam import request_caller
from emulator.iam.credentials import Credentials

logger = logging.getLogger("emulator.exports")

_TABLE = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
_create_table = _TABLE["create"]
_handle_request, _start_export = dynamodb.handle_request, dynamodb._export_table_to_point_in_time
_FILES = 2
"""Data files of an export; more than one, so that a reader that takes only one is found out."""


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
        return error_response_json("PointInTimeRecoveryUnavailableException", f"Point in time recovery is not enabled for table '{name}'", 400)
    unknown = {"ExportTime", "IncrementalExportSpecification"} & data.keys() or {"ION"} & {data.get("ExportFormat")}
    if unknown:
        return error_response_json("ValidationException", f"the local emulator exports a table as it is now, in DYNAMODB_JSON, without {', '.join(sorted(unknown))}", 400)
    status, headers, body = _start_export(data)
    if status != 200:
        return status, headers, body
    export = dynamodb._exports[json.loads(body)["ExportDescription"]["ExportArn"]]
    # In milliseconds, as in the summary.
    export["ExportTime"] = int(export["StartTime"] * 1000) / 1000
    with dynamodb._lock:
        items = [copy.deepcopy(item) for rows in dynamodb._tables[name]["items"].values() for item in rows.values()]
    threading.Thread(target=contextvars.copy_context().run, args=(_write, export, items, request_caller.current()), daemon=True, name="table-export").start()
    return json_response({"ExportDescription": export})


def describe_export(data: dict[str, Any]) -> tuple:
    """An export is complete when its last object is written."""
    export = dynamodb._exports.get(data.get("ExportArn"))
    return json_response({"ExportDescription": export}) if export else error_response_json("ExportNotFoundException", f"Export not found: {data.get('ExportArn')}", 400)


def _write(export: dict[str, Any], items: list[dict], who: Credentials) -> None:
    try:
        _write_objects(export, items, who)
        export["ExportStatus"] = "COMPLETED"
    except Exception as error:
        logger.exception("%s", export["ExportArn"])
        export.update(ExportStatus="FAILED", FailureCode=type(error).__name__, FailureMessage=str(error), EndTime=time.time())


def _write_objects(export: dict[str, Any], items: list[dict], who: Credentials) -> None:
    s3, bucket = who.client("s3"), export["S3Bucket"]
    folder = "/".join(part for part in (export.get("S3Prefix", "").strip("/"), "AWSDynamoDB", export["ExportArn"].rsplit("/", 1)[-1]) if part)
    encryption = {"ServerSideEncryption": {"KMS": "aws:kms"}.get(export.get("S3SseAlgorithm"), "AES256")}
    if "S3SseKmsKeyId" in export:
        encryption["SSEKMSKeyId"] = export["S3SseKmsKeyId"]

    def put(name: str, body: bytes) -> str:
        return s3.put_object(Bucket=bucket, Key=f"{folder}/{name}", Body=body, **encryption)["ETag"].strip('"')

    put("_started", b"")
    files = []
    for number in range(_FILES):
        part = items[number::_FILES]
        body = gzip.compress("".join(f"{json.dumps({'Item': item})}\n" for item in part).encode())
        name = f"data/{hashlib.sha256(f'{folder} {number}'.encode()).hexdigest()[:26]}.json.gz"
        checksum = base64.b64encode(hashlib.md5(body).digest()).decode()
        files.append({"itemCount": len(part), "md5Checksum": checksum, "etag": put(name, body), "dataFileS3Key": f"{folder}/{name}"})
    put("manifest-files.json", "".join(f"{json.dumps(file)}\n" for file in files).encode())
    export.update(ItemCount=len(items), EndTime=time.time(), ExportManifest=f"{folder}/manifest-summary.json")
    put("manifest-summary.json", json.dumps(_summary(export, folder)).encode())


def _summary(export: dict[str, Any], folder: str) -> dict[str, Any]:
    times = {name: _iso(export[field]) for name, field in (("startTime", "StartTime"), ("endTime", "EndTime"), ("exportTime", "ExportTime"))}
    return {
        "version": "2020-06-30",
        "exportArn": export["ExportArn"],
        **times,
        "tableArn": export["TableArn"],
        "tableId": export["TableId"],
        "s3Bucket": export["S3Bucket"],
        "s3Prefix": export.get("S3Prefix"),
        "s3SseAlgorithm": export.get("S3SseAlgorithm", "AES256"),
        "s3SseKmsKeyId": export.get("S3SseKmsKeyId"),
        "manifestFilesS3Key": f"{folder}/manifest-files.json",
        "billedSizeBytes": 0,
        "itemCount": export["ItemCount"],
        "outputFormat": export["ExportFormat"],
        "exportType": export["ExportType"],
    }


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def apply() -> None:
    """Replaces how exports start and how they are described."""
    _TABLE["create"] = create_table
    dynamodb.handle_request = handle_request
    dynamodb._export_table_to_point_in_time, dynamodb._describe_export = start_export, describe_export
