"""Pythons with PySpark in them that wait for a script to run, as Glue keeps some: a run that finds one need not load it. Each runs one script."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from setup import spark_java

_DRIVER = Path(__file__).with_name("run_script.py")

_next: "WaitingDriver | None" = None
_lock = threading.Lock()


class WaitingDriver:
    """A Python that waits for what `run` tells it. It ends with this process as long as it waits."""

    def __init__(self) -> None:
        directory = tempfile.mkdtemp(prefix="driver-")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": directory,
            "LANG": "en_US.UTF-8",
            "TZ": "UTC",
            "PYTHONPYCACHEPREFIX": sys.pycache_prefix or "",
        }
        # Into a file, for a pipe that nobody reads would stop the job; a group of its own, for what it starts.
        self._output = Path(directory, "output.log").open("w+b")
        self._process = subprocess.Popen(
            [str(spark_java.PYTHON), str(_DRIVER)],
            cwd=directory,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(
        self,
        arguments: list[str],
        directory: Path,
        environment: dict[str, str],
        packages: list[str],
        java: Path,
        properties: dict[str, str],
    ) -> None:
        """Has it run `arguments`, a script and its own, with nothing but this environment and these packages."""
        given = {
            "arguments": arguments,
            "directory": str(directory),
            "environment": environment,
            "packages": packages,
            "java": str(java),
            "properties": properties,
        }
        self._process.stdin.write(json.dumps(given).encode())
        self._process.stdin.close()

    def wait(self, seconds: float) -> int:
        """Exit code. Raises TimeoutExpired when it has not ended by then."""
        return self._process.wait(seconds)

    def printed(self) -> bytes:
        self._output.seek(0)
        return self._output.read()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def take() -> WaitingDriver:
    """One for a run, while the next one loads what it will need."""
    global _next
    with _lock:
        taken, _next = _next, WaitingDriver()
    return taken if taken is not None and taken.is_alive() else WaitingDriver()
