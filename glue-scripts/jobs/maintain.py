"""Erases people from all tables, and maintains these: few files and manifests, no old snapshots, no orphan files.

    maintain.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        [--keep-days 7] [--orphan-days 3]

Rows of people whom the list of barriers says are erased go first; a file of the lake then says until when it is proven
that they are in no file of a table. All other rows stay as they are. The job may die anywhere and run again: every step
is one commit, or deletes only what nothing refers to. A table that cannot be maintained does not stop the others; the
job then fails at its end.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cdp.barriers.asked import Client, add_option, ask
from cdp.barriers.erasures_seen import seen_by_all
from cdp.erasing.erase import Eraser
from cdp.erasing.proof import FILE, Erasing, read_proof, write_proof
from cdp.spark.count_end import count_end
from cdp.spark.files import read_file, write_file
from cdp.spark.session import start
from cdp.tables.iceberg import load, proves_nothing
from cdp.tables.upkeep import Clock, maintain, milliseconds, reason
from cdp.tables.watermark import read_marks

JOB = "maintain"
AT_ONCE = 4
"""Tables at a time. A small table spends most of the time waiting for the catalog and the bucket."""


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored and never count as short for these."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has barriers/ and erasures/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `identity`")
    add_option(parser)
    parser.add_argument(
        "--keep-days",
        type=days_from(0),
        default=7,
        help="how long snapshots are kept; the newest always is. With 0, queries and jobs under way may fail",
    )
    parser.add_argument(
        "--orphan-days",
        type=days_from(2),
        default=3,
        help="files without a reference are deleted at this age, which must exceed a job's run",
    )
    return parser.parse_known_args(given)[0]


def days_from(least: int):
    def days(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"{text} is less than {least}")
        return int(text)

    return days


def run_job(
    spark: SparkSession, args: argparse.Namespace, client: Client = boto3.client, clock: Clock = datetime.now
) -> dict:
    """Erases and maintains; gives the rows that were erased by table, and the result of each table's upkeep."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    tables = sorted(row.tableName for row in spark.sql(f"SHOW TABLES IN lake.{args.database}").collect())
    started, barriers = clock(UTC), ask(spark, args, client)
    if barriers.newest_erasure is None:
        return {"tables": maintain_all(spark, args, tables, clock)}
    config = json.loads(Path(args.config).read_text("utf-8"))
    up_to = seen_by_all(chain(config), read_marks(spark, args.database))
    erased = Eraser(spark, args.database, tables, barriers.erasures(), config).erase()
    ended = clock(UTC)
    reports = maintain_all(spark, args, tables, clock)
    kept = timedelta(max(args.keep_days, args.orphan_days))
    unproven = {report["table"]: why for report in reports if (why := flaw(spark, report, ended - kept))}
    if up_to is not None and not unproven:
        path, run = f"{args.lake}/{FILE}", Erasing(started, ended, up_to, clock(UTC))
        write_file(spark, path, write_proof(read_proof(read_file(spark, path)).after(run, kept)))
    return {"erased": erased, "tables": reports, "unproven": unproven}


def chain(config: dict) -> list[str]:
    """The jobs that must have seen an erasure before nothing makes the person again."""
    return ["identities", "profiles", *(["matches"] if config["identity"].get("matching") else []), "marts"]


def flaw(spark: SparkSession, report: dict, before: datetime) -> str | None:
    """Why rows that were deleted before a moment may be in files of a table; None if they are in none."""
    return report.get("failed") or proves_nothing(load(spark, report["table"]), milliseconds(before))


def maintain_all(spark: SparkSession, args: argparse.Namespace, tables: list[str], clock: Clock) -> list[dict]:
    """Maintains all tables; gives the result of each, or why it could not be maintained."""

    def report(table: str) -> dict:
        name = f"lake.{args.database}.{table}"
        try:
            return maintain(spark, name, timedelta(args.keep_days), timedelta(args.orphan_days), clock)
        except (PySparkException, Py4JJavaError) as error:
            return {"table": name, "failed": reason(error)}

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(report, tables))


def main() -> None:
    spark = start(JOB)
    told = run_job(spark, arguments(sys.argv[1:]))
    print(json.dumps({"job": JOB, **told}))
    if failed := [report["table"] for report in told["tables"] if "failed" in report]:
        sys.exit(f"could not maintain {', '.join(failed)}")
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
