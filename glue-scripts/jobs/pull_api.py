"""Reads what an API of a source has that is new, and hands it to the imports.

    pull_api.py --lake <s3://bucket> --config <file with the source, JSON> --secret <ARN>

Each window of time is safe before the next begins, so a run that fails goes on where it ended. Running it again sends
nothing twice: rows are compared with their last versions, and events have ids of their own.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# Before the package is imported, which otherwise reports to its makers.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import boto3
from botocore.exceptions import ClientError

from cdp.pulls.client import client_of
from cdp.pulls.loads import Load, Store
from cdp.pulls.pull import Pull, pull_source
from cdp.spark.count_end import count_end

JOB = "pull_api"


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored and never count as short for these."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lake", required=True, help="bucket of the lake, s3://…")
    parser.add_argument("--config", required=True, help="file with the source: its API, and what to read of it")
    parser.add_argument("--secret", required=True, help="secret with the proof of who the source is")
    return parser.parse_known_args(given)[0]


def bucket_store(s3: Any, lake: str) -> Store:
    """Objects of the lake bucket."""
    bucket = lake.removeprefix("s3://")

    def get(key: str) -> bytes | None:
        try:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise

    return Store(put=lambda key, body: s3.put_object(Bucket=bucket, Key=key, Body=body), get=get)


def run_job(source: Mapping[str, Any], secrets: Any, secret_id: str, store: Store, began: datetime) -> dict[str, Any]:
    """One run; gives a report of each object."""
    secret = json.loads(secrets.get_secret_value(SecretId=secret_id)["SecretString"])
    client = client_of(
        source,
        secret,
        keep=lambda changed: secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps(changed)),
        wait=time.sleep,
        folder=Path(tempfile.mkdtemp()),
    )
    return pull_source(Pull(source["id"], began, since_of(source, began), source["reads"], client, store, settle), source["objects"])


def since_of(source: Mapping[str, Any], began: datetime) -> str:
    """The first day that a first run asks for."""
    return source.get("since") or f"{began - timedelta(days=365):%Y-%m-%d}"


def settle(load: Load) -> bool:
    """The manifest that was written is what the job `records` waits for."""
    return True


def main() -> None:
    args = arguments(sys.argv[1:])
    source = json.loads(Path(args.config).read_text("utf-8"))
    store = bucket_store(boto3.client("s3"), args.lake)
    report = run_job(source, boto3.client("secretsmanager"), args.secret, store, datetime.now(UTC))
    print(json.dumps({"job": JOB, "source": source["id"], "objects": report}))
    if failed := [f"{name}: {told['failed']}" for name, told in report.items() if "failed" in told]:
        sys.exit("; ".join(failed))
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
