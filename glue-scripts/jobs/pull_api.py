"""Reads what an API of a source has that is new, and hands it to the imports.

    pull_api.py --database <database> --lake <s3://bucket> --config <file with the source, JSON> --secret <ARN>
                [--accept-shrink yes] [--everything yes]

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
from functools import cache
from pathlib import Path
from typing import Any

# Before the package is imported, which otherwise reports to its makers.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import boto3
from pyspark.sql import SparkSession

from cdp.pulls.client import client_of
from cdp.pulls.loads import Load, Store
from cdp.pulls.pull import Pull, Settle, pull_source
from cdp.records.load import Lake, RecordObject
from cdp.records.load import Load as RecordLoad
from cdp.records.pull_arguments import pull_arguments
from cdp.records.take_load import take_load
from cdp.spark.count_end import count_asking, count_pull, count_read, failures_counted
from cdp.spark.session import start

JOB = "pull_api"


def arguments(given: list[str]) -> argparse.Namespace:
    return pull_arguments(given, "secret with the proof of who the source is")


def bucket_store(s3: Any, lake: str) -> Store:
    """Objects of the lake bucket."""
    bucket = lake.removeprefix("s3://")

    def get(key: str) -> bytes | None:
        try:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None

    return Store(put=lambda key, body: s3.put_object(Bucket=bucket, Key=key, Body=body), get=get)


def settling(spark: Any, at: Lake, accept_shrink: bool) -> Settle:
    """Compares a load of records with their last versions. `spark` is asked for when there is one."""

    def settle(load: Load, declared: Mapping[str, Any]) -> bool:
        of = RecordObject.declared(load.source, load.object, declared)
        session: SparkSession = spark()
        lines = session.read.text(f"{at.address}/{load.prefix}/{load.object}/").withColumnRenamed("value", "line")
        told = take_load(session, at, of, RecordLoad(load.id, load.began, load.is_complete, accept_shrink), lines)
        print(json.dumps({"object": load.object, "load": load.id, **told}))
        return told["state"] == "done"

    return settle


def client_by_secret(source: Mapping[str, Any], secrets: Any, secret_id: str) -> Any:
    """The client of the API; a new refresh token is written to the secret."""
    return client_of(
        source,
        json.loads(secrets.get_secret_value(SecretId=secret_id)["SecretString"]),
        keep=lambda changed: secrets.put_secret_value(SecretId=secret_id, SecretString=json.dumps(changed)),
        wait=time.sleep,
        folder=Path(tempfile.mkdtemp()),
    )


def main() -> None:
    args = arguments(sys.argv[1:])
    source = json.loads(Path(args.config).read_text("utf-8"))
    with failures_counted(boto3.client, source["id"], sys.argv[1:]):
        run(args, source)


def run(args: argparse.Namespace, source: Mapping[str, Any]) -> None:
    began = datetime.now(UTC)
    pull = Pull(
        source=source["id"],
        began=began,
        since=source.get("since") or f"{began - timedelta(days=365):%Y-%m-%d}",
        reads=source["reads"],
        client=client_by_secret(source, boto3.client("secretsmanager"), args.secret),
        store=bucket_store(boto3.client("s3"), args.lake),
        settle=settling(cache(lambda: start(JOB)), Lake(args.database, args.lake), args.accept_shrink == "yes"),
        everything=args.everything == "yes",
    )
    report = pull_source(pull, source["objects"])
    print(json.dumps({"job": JOB, "source": source["id"], "objects": report}))
    count_asking(boto3.client, sum(told.get("asks", 0) for told in report.values()), sys.argv[1:])
    count_read(boto3.client, source["id"], sum(told.get("rows", 0) for told in report.values()), sys.argv[1:])
    if failed := [f"{name}: {told['failed']}" for name, told in report.items() if "failed" in told]:
        sys.exit("; ".join(failed))
    count_pull(boto3.client, source["id"], sys.argv[1:])


if __name__ == "__main__":
    main()
