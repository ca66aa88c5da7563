"""Reads tables of a database into the lake, where the import finds them.

    pull_database.py --lake s3://<bucket> --source <file with the source's declaration, JSON> --secret <its secret>
        [--full true]

A run that dies at any point and is run again gives the same records: rows come first, then the load's manifest, then
the state of the source, `imports/bounds/<source>.json`. One object that cannot be read does not keep others from it.
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
from cdp.databases.pulling import Puller
from cdp.databases.state import State
from cdp.spark.session import start

JOB = "pull_database"
Secret = Callable[[str], str]


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lake", required=True, help="address of the bucket that gets imports/")
    parser.add_argument("--source", required=True, help="file with the source's declaration, JSON")
    parser.add_argument("--secret", required=True, help="name of the secret with `username` and `password`")
    parser.add_argument("--full", choices=("true", "false"), default="false", help="reads everything, now")
    return parser.parse_known_args(given)[0]


class Failed(Exception):
    """Some objects were not read; the message says which, and why."""


def login_of(secret: str, text: str) -> Login:
    """Reads the secret in the form that RDS gives its own. Raises Refused, which never repeats it."""
    try:
        said = json.loads(text)
        return Login(str(said["username"]), str(said["password"]))
    except (ValueError, TypeError, KeyError):
        raise Refused(f'the secret {secret} must be JSON: {{"username": "…", "password": "…"}}') from None


def run_job(spark: SparkSession, args: argparse.Namespace, secret: Secret, clock: Callable[[], datetime]) -> list[dict]:
    """One run; gives what it did with each object. Raises Failed."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    source = json.loads(Path(args.source).read_text("utf-8"))
    state = State(spark, f"{args.lake}/imports/bounds/{source['id']}.json")
    login = login_of(args.secret, secret(args.secret))
    puller = Puller(spark, Server.of(source), login, args.lake, source["id"], state)
    told, failures = [], []
    for read in Read.all_of(source):
        try:
            told.append(puller.pull(read, clock(), full=args.full == "true"))
        except Refused as error:
            failures.append(f"{read.object}: {error}")
    if failures:
        raise Failed("; ".join(failures))
    return told


def main() -> None:
    secrets = boto3.client("secretsmanager")
    args = arguments(sys.argv[1:])
    told = run_job(
        start(JOB),
        args,
        lambda name: secrets.get_secret_value(SecretId=name)["SecretString"],
        lambda: datetime.now(UTC),
    )
    print(json.dumps({"job": JOB, "objects": told}))


if __name__ == "__main__":
    main()
