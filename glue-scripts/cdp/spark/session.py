"""Starts a job's Spark session."""

from pyspark.sql import SparkSession

NAMED = ("functions", "PythonUtils", "PythonSQLUtils", "SparkSession")
"""Classes of Spark that PySpark looks up in nearly every call."""


def start(job: str) -> SparkSession:
    """The Spark session of a job's process."""
    return knowing_classes(SparkSession.builder.appName(job).getOrCreate())


def knowing_classes(spark: SparkSession) -> SparkSession:
    """Looks up classes once.

    Py4J asks Java for a class at each use, and Java then searches every archive of its class path.
    """
    java = spark.sparkContext._jvm
    for name in NAMED:
        setattr(java, name, getattr(java, name))
    return spark
