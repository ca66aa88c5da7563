"""The objects of an export in S3: data files, and the manifests that name them."""

import base64
import gzip
import hashlib
import json
import time
from datetime import UTC, datetime
from typing import Any

from emulator.iam.credentials import Credentials

_FILES = 2
"""Data files of an export; more than one, so that a reader that takes only one is found out."""


def write(export: dict[str, Any], items: list[dict], who: Credentials) -> None:
    """Writes the items, then the manifests, with somebody's rights."""
    s3, bucket = who.client("s3"), export["S3Bucket"]
    folder = "/".join(
        part
        for part in (export.get("S3Prefix", "").strip("/"), "AWSDynamoDB", export["ExportArn"].rsplit("/", 1)[-1])
        if part
    )
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
        files.append(
            {
                "itemCount": len(part),
                "md5Checksum": checksum,
                "etag": put(name, body),
                "dataFileS3Key": f"{folder}/{name}",
            }
        )
    put("manifest-files.json", "".join(f"{json.dumps(file)}\n" for file in files).encode())
    export.update(ItemCount=len(items), EndTime=time.time(), ExportManifest=f"{folder}/manifest-summary.json")
    put("manifest-summary.json", json.dumps(_summary(export, folder)).encode())


def _summary(export: dict[str, Any], folder: str) -> dict[str, Any]:
    times = {
        name: _iso(export[field])
        for name, field in (("startTime", "StartTime"), ("endTime", "EndTime"), ("exportTime", "ExportTime"))
    }
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
