"""Runs a job's script in this process, on a Java that waits for it: `python glue_driver.py <script> <arguments>`.

`GLUE_DRIVER` in the environment is JSON: `java`, the file in which Java says where it listens, and `properties`, Java's for this run: Spark's settings
and the credentials of the job's role. Java is left as it was found, so that it can serve the next run.
"""

import json
import os
import runpy
import sys
import time
from pathlib import Path

from pyspark import SparkContext, context
from pyspark.java_gateway import launch_gateway
from pyspark.serializers import UTF8Deserializer, read_int

PAUSE = 0.02
GIVEN = json.loads(os.environ.pop("GLUE_DRIVER"))


def attach(_conf: object = None):
    """In the place of starting a Java: connects with the one that waits."""
    address = Path(GIVEN["java"])
    while not address.exists():
        time.sleep(PAUSE)
    with address.open("rb") as said:
        os.environ |= {"PYSPARK_GATEWAY_PORT": str(read_int(said)), "PYSPARK_GATEWAY_SECRET": UTF8Deserializer().loads(said)}
    gateway = launch_gateway()
    for name, value in GIVEN["properties"].items():
        gateway.jvm.java.lang.System.setProperty(name, value)
    return gateway


def leave() -> None:
    """Ends what the script left running, and forgets what was this run's."""
    if SparkContext._gateway is None:
        return
    java = SparkContext._gateway.jvm
    if SparkContext._active_spark_context is not None:
        SparkContext._active_spark_context.stop()
    java.org.apache.spark.sql.SparkSession.clearDefaultSession()
    java.org.apache.hadoop.fs.FileSystem.closeAll()
    for name in GIVEN["properties"]:
        java.java.lang.System.clearProperty(name)


if __name__ == "__main__":
    context.launch_gateway = attach
    sys.argv = sys.argv[1:]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        leave()
