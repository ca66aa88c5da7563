"""Reads tables of a database into the lake, and hands them to the imports.

    pull_database.py --database <database> --lake <s3://bucket> --config <file with the source, JSON>
        --secret <name or ARN> [--accept-shrink yes] [--everything yes]

A run that dies at any point and is run again gives the same records: the bound of a read, which lies in
`imports/state/<source>/reads/`, is written after its rows have become changes. One object that cannot be read does not
keep others from it.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import boto3
from pyspark.sql import SparkSession

from cdp.databases.declared import Login, Read, Refused, Server
from cdp.databases.loads import Load
from cdp.databases.pulling import Puller, Settle
from cdp.databases.state import State
from cdp.records.load import Lake, RecordObject
from cdp.records.load import Load as RecordLoad
from cdp.records.pieces import write_pieces
from cdp.records.pull_arguments import pull_arguments
from cdp.records.take_load import take_load
from cdp.spark.count_end import count_asking, count_pull, count_read, failures_counted
from cdp.spark.session import start

JOB = "pull_database"


def arguments(given: list[str]) -> argparse.Namespace:
    return pull_arguments(given, "name or ARN of the secret with `username` and `password`")


def login_of(secret: str, text: str) -> Login:
    """Reads the secret in the form that RDS gives its own. Raises Refused, which never repeats it."""
    try:
        said = json.loads(text)
        port = None if said.get("port") is None else int(said["port"])
        return Login(str(said["username"]), str(said["password"]), said.get("host"), port)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refused(f'the secret {secret} must be JSON: {{"username": "…", "password": "…"}}') from None


def settling(spark: SparkSession, args: argparse.Namespace, source: dict) -> Settle:
    """Compares a load of records with their last versions, and sends rows of events as they are."""
    objects = {declared["object"]: declared for declared in source["objects"]}

    def settle(load: Load) -> dict:
        declared = objects[load.object]
        lines = spark.read.text(load.folder).withColumnRenamed("value", "line")
        if declared["rows"] == "events":
            staged = f"{load.lake}/imports/staged/{load.source}/{load.id}/{load.object}"
            write_pieces(spark, staged, 0, lines.selectExpr("line AS place", "line"))
            return {"state": "done"}
        of = RecordObject.declared(load.source, load.object, declared)
        taken = RecordLoad(load.id, load.started_at, load.complete, args.accept_shrink == "yes")
        return take_load(spark, Lake(args.database, load.lake), of, taken, lines)

    return settle


def pull_all(puller: Puller, source: dict, clock: Callable[[], datetime], *, everything: bool) -> dict[str, dict]:
    """Reads every object; gives what was done, and why one failed."""
    told: dict[str, dict] = {}
    for read in Read.all_of(source):
        try:
            told[read.object] = puller.pull(read, clock(), everything=everything)
        except Refused as error:
            told[read.object] = {"state": "failed", "reason": str(error)}
    return told


def main() -> None:
    args = arguments(sys.argv[1:])
    source = json.loads(Path(args.config).read_text("utf-8"))
    with failures_counted(boto3.client, source["id"], sys.argv[1:]):
        run(args, source)


def run(args: argparse.Namespace, source: dict) -> None:
    secrets = boto3.client("secretsmanager")
    login = login_of(args.secret, secrets.get_secret_value(SecretId=args.secret)["SecretString"])
    spark = start(JOB)
    state = State(spark, f"{args.lake}/imports/state/{source['id']}/reads/bounds.json")
    settle = settling(spark, args, source)
    puller = Puller(spark, Server.of(source, login), login, args.lake, source["id"], state, settle)
    told = pull_all(puller, source, lambda: datetime.now(UTC), everything=args.everything == "yes")
    print(json.dumps({"job": JOB, "source": source["id"], "objects": told}))
    count_asking(boto3.client, sum(did["state"] == "asks" for did in told.values()), sys.argv[1:])
    count_read(boto3.client, source["id"], sum(did.get("rows", 0) for did in told.values()), sys.argv[1:])
    if failed := [f"{name}: {did['reason']}" for name, did in told.items() if did["state"] == "failed"]:
        sys.exit("; ".join(failed))
    count_pull(boto3.client, source["id"], sys.argv[1:])


if __name__ == "__main__":
    main()
