"""Javas with Spark in them that wait for a job, as Glue keeps some: a run that finds one need not start it, nor load and compile all of Spark again."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from ministack.core.responses import get_region

from setup import spark_java

_idle: dict[str, list["WaitingJava"]] = {}
_lock = threading.Lock()


class WaitingJava:
    """A Java that runs one Spark at a time, for whoever reads at `address` where it listens. It ends with this process."""

    def __init__(self, submit_arguments: str) -> None:
        self._submit_arguments = submit_arguments
        self._directory = Path(tempfile.mkdtemp(prefix="java-"))
        self.address = self._directory / "address"
        log = self._directory / "output.log"
        command = [spark_java.spark_submit(), *shlex.split(submit_arguments)]
        with log.open("wb") as output:
            # Spark ends when its standard input does.
            self._process = subprocess.Popen(
                command,
                cwd=self._directory,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._printed = log.open("rb")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._directory),
            "LANG": "en_US.UTF-8",
            "TZ": "UTC",
            "JAVA_HOME": spark_java.java_home(),
            "PYTHONPYCACHEPREFIX": sys.pycache_prefix or "",
            "PYSPARK_PYTHON": str(spark_java.PYTHON),
            "AWS_REGION": get_region(),
            "_PYSPARK_DRIVER_CONN_INFO_PATH": str(self.address),
        }

    def printed(self) -> bytes:
        """What it printed since it was asked last."""
        return self._printed.read()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def free(self) -> None:
        """Is ready for another run."""
        with _lock:
            _idle.setdefault(self._submit_arguments, []).append(self)

    def kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def take(submit_arguments: str) -> WaitingJava:
    """One that was started with these arguments, a new one when none is free."""
    with _lock:
        waiting = _idle.get(submit_arguments, [])
        while waiting:
            java = waiting.pop()
            if java.is_alive():
                return java
    return WaitingJava(submit_arguments)
