"""Splits a file that is too large for a function into pieces, which the function `import` sends.

    files.py --lake s3://<bucket> --config <file with the lake's configuration, JSON> --key <key below imports/files/>
        [--version <version of the object>]

It reads the file twice: first to its end, and stages nothing if too many rows are bad. Workers read ranges of CSV and
NDJSON side by side; what is compressed, and other forms, one of them reads. It needs little memory whatever the file's
size, and reads it by the rules of the function, so both make the same events. A run that died is run again: it writes
the same pieces.
"""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import boto3

from cdp.files.bucket_file import Objects
from cdp.files.large_file import declared_of, split_file
from cdp.files.reading import Each
from cdp.spark.count_end import count_failed, count_read, failures_counted
from cdp.spark.session import start

JOB = "files"


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--lake", required=True, help="address of the bucket that has imports/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `files`")
    parser.add_argument("--key", required=True, help="key of the file, below imports/files/")
    parser.add_argument("--version", help="version of the file that is read; default: the latest")
    return parser.parse_known_args(given)[0]


def run_job(args: argparse.Namespace, client: object, each: Each | None = None) -> dict:
    """One file; gives its summary."""
    return split_file(Objects(client, bucket_of(args)), (args.key, args.version), declared(args), each)


def bucket_of(args: argparse.Namespace) -> str:
    return args.lake.removeprefix("s3://").removeprefix("s3a://")


def on_workers(bucket: str, client: Callable[[], object] = partial(boto3.client, "s3")) -> Each:
    """Lets workers of Spark do the work, each with a client of its own. Spark starts when there is some."""

    def each(work: Callable, things: list) -> list:
        def done(thing: object) -> object:
            return work(Objects(client(), bucket), thing)

        context = start(JOB).sparkContext
        return context.parallelize(things, len(things)).map(done).collect() if things else []

    return each


def declared(args: argparse.Namespace) -> dict:
    """What the configuration says of the file. Raises BadFile."""
    return declared_of(json.loads(Path(args.config).read_text("utf-8")).get("files", {}), args.key)


def main() -> None:
    args = arguments(sys.argv[1:])
    source = declared(args)["source"]
    with failures_counted(boto3.client, source, sys.argv[1:]):
        summary = run_job(args, boto3.client("s3"), on_workers(bucket_of(args)))
    if summary["state"] == "refused":
        count_failed(boto3.client, source, sys.argv[1:])
    else:
        count_read(boto3.client, source, summary["rows"], sys.argv[1:])
    print(json.dumps({"job": JOB, **{name: summary.get(name) for name in ("state", "rows", "bad", "pieces")}}))


if __name__ == "__main__":
    main()
