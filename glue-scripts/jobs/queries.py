"""Asks the queries of the configuration, and tells what changed in their answers since the run before.

    queries.py --database <database> --lake s3://<bucket> --config <file with the lake's configuration, JSON>
        [--only <source>,…] [--try true] [--accept <source>,…]

An answer is a complete load of records: the table `records` keeps its rows, and what changed goes on as pieces. An
answer that lacks too many rows of the one before is not taken, until a run is told to accept it. `--try true` says what
a run would change, and writes nothing. A query that fails does not stop the others; the job then fails at its end.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from cdp.records.load import Lake, Load, RecordObject
from cdp.records.take_load import ASKS, take_load, try_load
from cdp.spark.count_end import count_asking, count_end, count_failed, count_read
from cdp.spark.session import start

JOB = "queries"
FAILED = "failed"


def arguments(given: list[str]) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored, also `--conf`: it must not count as short for `--config`."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="address of the bucket that has imports/")
    parser.add_argument("--config", required=True, help="file with the lake's configuration, JSON: its `queries`")
    parser.add_argument("--only", type=names, help="sources whose queries are asked; default: all")
    parser.add_argument("--try", type=said, default=False, dest="is_try", help="true: say what would change")
    parser.add_argument(
        "--accept", type=names, default=frozenset(), help="sources whose answers may lack as much as they do"
    )
    return parser.parse_known_args(given)[0]


def names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def said(text: str) -> bool:
    if text not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"{text} must be true or false")
    return text == "true"


def run_job(spark: SparkSession, args: argparse.Namespace, now: datetime) -> dict[str, dict]:
    """Asks each query; gives what became of its answer, by source."""
    queries = json.loads(Path(args.config).read_text("utf-8"))["queries"]
    if unknown := (args.only or frozenset()) - queries.keys():
        raise ValueError(f"no source of kind query is named {', '.join(sorted(unknown))}")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    # Spark would replace ${…} in a query by settings or variables of its machine.
    spark.conf.set("spark.sql.variable.substitute", "false")
    asked = {source: query for source, query in queries.items() if args.only is None or source in args.only}
    return {source: ask(spark, args, source, query, now=now) for source, query in asked.items()}


def ask(spark: SparkSession, args: argparse.Namespace, source: str, query: dict, *, now: datetime) -> dict:
    """Asks one query. The start of the run names the load, and is the time of rows that have none."""
    of = RecordObject.declared(source, query["object"], query)
    load = Load(f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-query", now, True, source in args.accept)
    take = try_load if args.is_try else take_load
    try:
        return take(spark, Lake(args.database, args.lake), of, load, answer(spark, args.database, query["sql"]))
    except PySparkException as error:
        # Its first line names a column or a table, and no value.
        return {"state": FAILED, "reason": str(error).splitlines()[0]}
    finally:
        spark.catalog.clearCache()


def answer(spark: SparkSession, database: str, sql: str) -> DataFrame:
    """The rows of a query's answer as lines of a load. Tables are those of the lake."""
    catalog, before = spark.catalog.currentCatalog(), spark.catalog.currentDatabase()
    spark.catalog.setCurrentCatalog("lake")
    spark.catalog.setCurrentDatabase(database)
    try:
        rows = spark.sql(sql)
    finally:
        spark.catalog.setCurrentCatalog(catalog)
        spark.catalog.setCurrentDatabase(before)
    return rows.selectExpr("to_json(struct(struct(*) AS row), map('ignoreNullFields', 'false')) AS line")


def main() -> None:
    spark, args = start(JOB), arguments(sys.argv[1:])
    ends = run_job(spark, args, datetime.now(UTC))
    print(json.dumps({"job": JOB, "answers": ends}))
    count_asking(boto3.client, sum(end["state"] == ASKS for end in ends.values()), sys.argv[1:])
    for source, end in ends.items():
        if end["state"] == FAILED:
            count_failed(boto3.client, source, sys.argv[1:])
        elif not args.is_try:
            count_read(boto3.client, source, end.get("rows", 0), sys.argv[1:])
    if failed := [source for source, end in ends.items() if end["state"] == FAILED]:
        sys.exit(f"could not take the answers of {', '.join(failed)}")
    count_end(boto3.client, JOB, sys.argv[1:])


if __name__ == "__main__":
    main()
