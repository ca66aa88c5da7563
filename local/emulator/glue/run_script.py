"""Runs a job's script in this process, on a Java that waits for it. What scripts need most is loaded before it is known which one comes.

Standard input says so, in JSON: `arguments`, the script and its own; `directory` and `environment`, where it runs; `packages`, those that it may import;
`java`, the file in which Java says where it listens; `properties`, Java's for this run: Spark's settings and the credentials of the job's role. Java is left as it was found, so that it can
serve the next run.
"""

import json
import os
import re
import runpy
import sys
import tempfile
import time
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

import boto3  # noqa: F401
import pandas  # noqa: F401
import pyarrow  # noqa: F401
import pyspark.sql.functions  # noqa: F401
from pyspark import SparkContext, context
from pyspark.java_gateway import launch_gateway
from pyspark.serializers import UTF8Deserializer, read_int

PAUSE = 0.02
GIVEN = {}
INSTALLED = packages_distributions()


class Absent(MetaPathFinder):
    """Finds no package that is installed on this machine and would not be there on Glue."""

    def find_spec(self, module: str, _path: object = None, _target: object = None) -> None:
        if module in INSTALLED and not any(
            re.sub(r"[-_.]+", "-", package).lower() in GIVEN["packages"] for package in INSTALLED[module]
        ):
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def attach(_conf: object = None):
    """In the place of starting a Java: connects with the one that waits."""
    address = Path(GIVEN["java"])
    while not address.exists():
        time.sleep(PAUSE)
    with address.open("rb") as said:
        os.environ |= {
            "PYSPARK_GATEWAY_PORT": str(read_int(said)),
            "PYSPARK_GATEWAY_SECRET": UTF8Deserializer().loads(said),
        }
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


def run() -> None:
    """Runs the script as if this process had been started for it."""
    script, *_ = sys.argv = GIVEN["arguments"]
    os.environ.clear()
    os.environ.update(GIVEN["environment"])
    os.chdir(GIVEN["directory"])
    tempfile.tempdir = None
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.path[:1] = [str(Path(script).parent), *filter(None, os.environ["PYTHONPATH"].split(os.pathsep))]
    sys.meta_path.insert(0, Absent())
    context.launch_gateway = attach
    try:
        runpy.run_path(script, run_name="__main__")
    finally:
        leave()


if __name__ == "__main__":
    said = sys.stdin.buffer.read()
    # Nothing is said when the emulator ends before a script came.
    if said:
        GIVEN |= json.loads(said)
        run()
