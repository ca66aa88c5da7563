"""How a job begins: with its Spark session."""

from pyspark.sql import SparkSession

NAMED = ("functions", "PythonUtils", "PythonSQLUtils", "SparkSession")
"""Classes of Spark that PySpark names at nearly every call."""


def start(job: str) -> SparkSession:
    """The session of a job's process."""
    return knowing_classes(SparkSession.builder.appName(job).getOrCreate())


def knowing_classes(spark: SparkSession) -> SparkSession:
    """Looks up classes once. Py4J asks Java for a class each time it is named, and Java then looks through every archive on its class path."""
    java = spark.sparkContext._jvm
    for name in NAMED:
        setattr(java, name, getattr(java, name))
    return spark
