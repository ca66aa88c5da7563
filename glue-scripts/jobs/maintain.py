"""Maintains every Iceberg table of the database: few files and manifests, no old snapshots, no orphan files.

    maintain.py --database <database> [--keep-days 7] [--orphan-days 3]

Rows stay as they are. The job may die anywhere and run again: every step is one commit, or deletes only what nothing
refers to. A table that cannot be maintained does not stop the others; the job then fails at its end.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import boto3
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cdp.spark.count_end import count_end
from cdp.spark.session import start
from cdp.tables.iceberg import has_files_before, has_snapshots_before, load, measure

JOB = "maintain"
AT_ONCE = 4
"""Tables at a time. A small table spends most of the time waiting for the catalog and the bucket."""
COMPACTION = {
    "min-input-files": "2",
    "delete-file-threshold": "1",
    "use-starting-sequence-number": "false",
    "remove-dangling-deletes": "true",
}
"""Two small files of a partition, or one deleted row, are enough; files of the right size stay.

New files get a new sequence number, so deletes for rows of the old files no longer apply, and go. That is safe while
Spark writes no equality deletes. `rewrite_position_delete_files` would do it, too, but fails for tables with lists.
"""


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored and never count as short for these."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument(
        "--keep-days", type=days_from(0), default=7, help="how long snapshots are kept; the newest always is"
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


def maintain(spark: SparkSession, name: str, keep: timedelta, orphans: timedelta, now: datetime) -> dict:
    """Maintains one table; gives its measures before and after, and how many orphan files it removed.

    A step with nothing to do does not start: each is a Spark job.
    """

    def call(procedure: str, **given: str) -> list:
        named_arguments = ", ".join(
            f"{argument} => {value}" for argument, value in {"table": f"'{name}'", **given}.items()
        )
        return spark.sql(f"CALL lake.system.{procedure}({named_arguments})").collect()

    table = load(spark, name)
    before = measure(table)
    if before["data_files"] > 1 or before["delete_files"] > 0:
        call(
            "rewrite_data_files",
            options=f"map({', '.join(repr(text) for pair in COMPACTION.items() for text in pair)})",
        )
    if before["manifests"] > 1:
        call("rewrite_manifests", use_caching="false")
    if has_snapshots_before(load(spark, name), milliseconds(now - keep)):
        call("expire_snapshots", older_than=instant(now - keep), retain_last="1")
    removed = []
    if has_files_before(table, milliseconds(now - orphans)):
        # Lists through the table's own file access, which knows every scheme that its addresses may have.
        removed = call("remove_orphan_files", older_than=instant(now - orphans), prefix_listing="true")
    return {"table": name, "before": before, "after": measure(load(spark, name)), "orphan_files_removed": len(removed)}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def instant(moment: datetime) -> str:
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f}'"


def run_job(spark: SparkSession, args: argparse.Namespace) -> list[dict]:
    """Maintains all tables; gives the result of each, or why it could not be maintained."""
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    tables = sorted(row.tableName for row in spark.sql(f"SHOW TABLES IN lake.{args.database}").collect())

    def report(table: str) -> dict:
        name = f"lake.{args.database}.{table}"
        try:
            return maintain(spark, name, timedelta(args.keep_days), timedelta(args.orphan_days), datetime.now(UTC))
        except (PySparkException, Py4JJavaError) as error:
            return {"table": name, "failed": reason(error)}

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(report, tables))


def reason(error: Exception) -> str:
    """The error in one line."""
    text = str(error.java_exception) if isinstance(error, Py4JJavaError) else str(error)
    return text.splitlines()[0]


def main() -> None:
    spark = start(JOB)
    reports = run_job(spark, arguments(sys.argv[1:]))
    print(json.dumps({"job": JOB, "tables": reports}))
    if failed := [report["table"] for report in reports if "failed" in report]:
        sys.exit(f"could not maintain {', '.join(failed)}")
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
