"""Takes the loads of records that wait in the bucket into the table `records`; what changed goes on as pieces.

    records.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        [--accept <source>/<load>,…]

A load waits from its manifest, `imports/rows/<source>/<load>/manifest.json`, until its result lies beside its rows. One
run takes all, the earliest first, until none waits; loads of changes out of a database's log it takes together. A
complete load that lacks too many records is not taken: its result says so, and `--accept` lets it through. A load that
fails does not stop those of other objects; the job then fails at its end. After any crash, running it again gives the
same table, and the same changes.
"""

import argparse
import json
import sys
from pathlib import Path

import boto3
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cdp.records.load import Lake
from cdp.records.take_load import ASKS, take_load
from cdp.records.waiting import Group, Unreadable, groups_of, lines_of, read_waiting, waiting_places
from cdp.spark.count_end import count_asking, count_failed
from cdp.spark.files import delete_folder, read_files
from cdp.spark.session import start

JOB = "records"
FAILED = "failed"


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has imports/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `records`")
    parser.add_argument(
        "--accept", type=names, default=frozenset(), help="loads, <source>/<load>, that may delete as much as they do"
    )
    return parser.parse_known_args(given)[0]


def names(text: str) -> frozenset[str]:
    """Names of loads, separated by commas."""
    found = frozenset(name.strip() for name in text.split(",") if name.strip())
    if wrong := [name for name in found if name.count("/") != 1]:
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(wrong))} must have the form <source>/<load>")
    return found


def run_job(spark: SparkSession, args: argparse.Namespace) -> dict[str, dict]:
    """Takes loads until none waits; gives what became of each, by `<source>/<load>`."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    at, ends, failed = Lake(args.database, args.lake), {}, set()
    declared = json.loads(Path(args.config).read_text("utf-8"))["records"]
    while new := {name: path for name, path in waiting_places(spark, at, args.accept) if name not in ends}:
        waiting, texts = {}, read_files(spark, list(new.values()))
        for name, path in new.items():
            try:
                waiting[name] = read_waiting(path, texts[path], declared, accept=name in args.accept)
            except Unreadable as error:
                ends[name] = {"state": FAILED, "reason": str(error)}
        for group in groups_of(waiting):
            ends |= dict.fromkeys(group, take(spark, at, group, failed))
    return ends


def take(spark: SparkSession, at: Lake, group: Group, failed: set[tuple[str, str]]) -> dict:
    """Takes loads of one object, unless an earlier one failed: that one may have told a part of its changes.

    Of several, the last has the result, and the others are over: their folders go.
    """
    *others, last = group.values()
    of = last.of.source, last.of.object
    if of in failed:
        return {"state": FAILED, "reason": "an earlier load of the same records failed"}
    try:
        result = take_load(spark, at, last.of, last.load, lines_of(spark, group))
        for other in others:
            delete_folder(spark, other.folder)
        return result
    except (PySparkException, Py4JError) as error:
        failed.add(of)
        return {"state": FAILED, "reason": type(error).__name__}
    finally:
        spark.catalog.clearCache()


def main() -> None:
    spark = start(JOB)
    args = arguments(sys.argv[1:])
    ends = run_job(spark, args)
    print(json.dumps({"job": JOB, "loads": ends}))
    count_asking(boto3.client, sum(end["state"] == ASKS for end in ends.values()), sys.argv[1:])
    declared = json.loads(Path(args.config).read_text("utf-8"))["records"]
    for source in sorted({name.split("/")[0] for name, end in ends.items() if end["state"] == FAILED}):
        # A folder that names no source is of nobody's, and must not make a metric.
        if source in declared:
            count_failed(boto3.client, source, sys.argv[1:])
    if failed := [name for name, end in ends.items() if end["state"] == FAILED]:
        sys.exit(f"could not take {', '.join(failed)}")


if __name__ == "__main__":
    main()
