"""One run of a Spark job as a process: the job's script and arguments, on a local Spark, as the job's role."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlparse

from ministack.core.responses import get_region

from emulator.glue import python_packages, spark_settings
from emulator.glue.python_packages import Unusable
from emulator.iam import assumed_role
from emulator.iam.credentials import host
from setup import spark_java

_RUN_SCRIPT = Path(__file__).with_name("run_script.py")


class SparkProcess:
    """A job's process. `run` waits for its end; `stop` ends the process and everything that it started."""

    def __init__(self, job: dict, arguments: dict[str, str], directory: Path) -> None:
        self._job, self._arguments, self._directory = job, arguments, directory
        self._process: subprocess.Popen | None = None

    def run(self, seconds: float) -> tuple[int, dict[str, str]]:
        """Exit code, and what was printed: in `error` by Spark, in `output` by the script, its errors included.

        Raises Unusable, and TimeoutExpired when the process did not end in time.
        """
        command = self._command()
        # Files, because a pipe that nobody reads would stop the job; a session, so that `stop` also ends Java.
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
            self._process = subprocess.Popen(
                command,
                cwd=self._directory,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=error,
                start_new_session=True,
            )
            try:
                code = self._process.wait(seconds)
            finally:
                self.stop()
            return code, {"error": _text(error), "output": _text(output)}

    def stop(self) -> None:
        """Ends a process that has started and not ended; Java outlives a script that fails."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _command(self) -> list[str]:
        script = self._fetch(self._job["Command"]["ScriptLocation"])
        words = [word for pair in self._arguments.items() for word in pair]
        return [str(spark_java.PYTHON), str(_RUN_SCRIPT), ",".join(self._packages()), str(script), *words]

    def _environment(self) -> dict[str, str]:
        """The job's role, region, Java and packages, as on Glue, and nothing of this process."""
        session = assumed_role.credentials(self._job["Role"])
        packages = [str(self._fetch(address)) for address in self._listed("--extra-py-files")]
        for address in self._listed("--extra-files"):
            self._fetch(address)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._directory),
            "TMPDIR": str(self._directory),
            "LANG": "en_US.UTF-8",
            "TZ": "UTC",
            "JAVA_HOME": spark_java.java_home(),
            "PYTHONPATH": os.pathsep.join(packages),
            "PYTHONPYCACHEPREFIX": sys.pycache_prefix or "",
            "PYSPARK_PYTHON": str(spark_java.PYTHON),
            "PYSPARK_SUBMIT_ARGS": self._submit_arguments(),
            "AWS_ACCESS_KEY_ID": session.access_key,
            "AWS_SECRET_ACCESS_KEY": session.secret_key,
            "AWS_SESSION_TOKEN": session.token,
            "AWS_REGION": get_region(),
            "AWS_DEFAULT_REGION": get_region(),
            "AWS_ENDPOINT_URL": f"http://{host()}",
        }

    def _packages(self) -> list[str]:
        """Names of the packages that a script finds on Glue."""
        modules = self._listed("--additional-python-modules")
        python_packages.check_options(modules, self._arguments.get("--python-modules-installer-option", ""))
        given = [name for address in modules for name in python_packages.in_zip(self._fetch(address))]
        return [*python_packages.OF_SPARK, *python_packages.of_glue(), *given]

    def _submit_arguments(self) -> str:
        """How Java starts: with the formats that the job asks for, and its settings."""
        formats = self._listed("--datalake-formats")
        unknown = [name for name in formats if name != "iceberg"]
        if unknown:
            raise Unusable(f"--datalake-formats {','.join(unknown)}: the local emulator has iceberg")
        settings = spark_settings.of_run(self._arguments.get("--conf", ""))
        jars = [str(self._fetch(address)) for address in self._listed("--extra-jars")]
        return spark_java.submit_arguments(settings, iceberg=bool(formats), more=[*jars, *spark_java.drivers()])

    def _listed(self, parameter: str) -> list[str]:
        return [entry.strip() for entry in self._arguments.get(parameter, "").split(",") if entry.strip()]

    def _fetch(self, address: str) -> Path:
        """Copies an object to the run's directory, as the job's role."""
        place = urlparse(address)
        if place.scheme != "s3":
            raise Unusable(f"{address} is no address of an S3 object")
        file = self._directory / Path(place.path).name
        try:
            answer = assumed_role.client(self._job["Role"], "s3").get_object(
                Bucket=place.netloc, Key=place.path.removeprefix("/")
            )
        except Exception as error:
            raise Unusable(f"{address} cannot be read by the job's role: {error}") from error
        file.write_bytes(answer["Body"].read())
        return file


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
