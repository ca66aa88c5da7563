"""One Spark session for all tests, with an Iceberg catalog `lake` in a directory that goes with it."""

import os
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(Path(__file__).parent / "fixtures")]


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from cdp.spark.session import knowing_classes
    from setup import spark_java

    os.environ.setdefault("JAVA_HOME", spark_java.java_home())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # Python functions are sent to workers by name, so these must find the package, too.
    os.environ["PYTHONPATH"] = str(ROOT / "glue-scripts")
    settings = {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": str(tmp_path_factory.mktemp("warehouse")),
        "spark.sql.catalog.lake.cache-enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "2",
        "spark.sql.adaptive.enabled": "false",
        # For a few rows code is compiled, and memory saved, longer than it takes to do without.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.inMemoryColumnarStorage.compressed": "false",
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    os.environ["PYSPARK_SUBMIT_ARGS"] = spark_java.submit_arguments(settings)
    session = SparkSession.builder.appName("tests").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield knowing_classes(session)
    session.stop()


@pytest.fixture
def lake(spark, tmp_path):
    from lake import Lake

    return Lake(spark, tmp_path)
