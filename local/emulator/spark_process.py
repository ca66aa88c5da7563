"""One run of a Glue Spark job as a process: the job's own script and arguments, on a local Spark, with the rights of the job's role."""

import os
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import urlparse

import spark_java
from ministack.core.responses import get_region

from emulator import role


class Unusable(Exception):
    """The job cannot be started; the message says why, and becomes the run's."""


class SparkProcess:
    """A job's process. `run` waits for its end; `stop` ends it and everything it started."""

    def __init__(self, job: dict, arguments: dict[str, str], directory: Path) -> None:
        self._job, self._arguments, self._directory = job, arguments, directory
        self._process: subprocess.Popen | None = None

    def run(self, seconds: float) -> tuple[int, str]:
        """Exit code and everything that was printed. Raises Unusable, and TimeoutExpired when the process did not end in time."""
        command = [sys.executable, str(self._fetch(self._job["Command"]["ScriptLocation"])), *(word for pair in self._arguments.items() for word in pair)]
        # Into a file, for a pipe that nobody reads would stop the job; a group of its own, for Python starts Java.
        with (self._directory / "output.log").open("w+b") as output:
            self._process = subprocess.Popen(
                command, cwd=self._directory, env=self._environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
            try:
                code = self._process.wait(seconds)
            finally:
                self.stop()
            output.seek(0)
            return code, output.read().decode("utf-8", "replace")

    def stop(self) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _environment(self) -> dict[str, str]:
        """What Glue gives a script: credentials of the job's role, a region, Java, and the packages it asks for. Of this process nothing else."""
        session = role.credentials(self._job["Role"], "glue")
        packages = [str(self._fetch(address)) for address in self._listed("--extra-py-files")]
        for address in self._listed("--extra-files"):
            self._fetch(address)
        _check_modules(self._listed("--additional-python-modules"))
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._directory),
            "TMPDIR": str(self._directory),
            "LANG": "en_US.UTF-8",
            "TZ": "UTC",
            "JAVA_HOME": spark_java.java_home(),
            "PYTHONPATH": os.pathsep.join(packages),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": self._submit_arguments(),
            "AWS_ACCESS_KEY_ID": session.access_key,
            "AWS_SECRET_ACCESS_KEY": session.secret_key,
            "AWS_SESSION_TOKEN": session.token,
            "AWS_REGION": get_region(),
            "AWS_DEFAULT_REGION": get_region(),
            "AWS_ENDPOINT_URL": role.endpoint(),
        }

    def _submit_arguments(self) -> str:
        """The formats the job asks for, what leads S3 and the catalog to this emulator, and last the job's own settings."""
        formats = self._listed("--datalake-formats")
        unknown = [name for name in formats if name != "iceberg"]
        if unknown:
            raise Unusable(f"--datalake-formats {','.join(unknown)}: the local emulator has iceberg")
        settings = _LOCAL | _endpoints(role.endpoint(), _catalogs(self._own_settings())) | self._own_settings()
        return spark_java.submit_arguments(settings, iceberg=bool(formats))

    def _own_settings(self) -> dict[str, str]:
        """Glue's one parameter `--conf` holds several settings: `a=1 --conf b=2`."""
        pairs = [part.strip() for part in self._arguments.get("--conf", "").split("--conf") if part.strip()]
        return dict(pair.split("=", 1) for pair in pairs)

    def _listed(self, parameter: str) -> list[str]:
        return [entry.strip() for entry in self._arguments.get(parameter, "").split(",") if entry.strip()]

    def _fetch(self, address: str) -> Path:
        """Copies an object beside the script, as the job's role."""
        place = urlparse(address)
        if place.scheme != "s3":
            raise Unusable(f"{address} is no address of an S3 object")
        file = self._directory / Path(place.path).name
        try:
            answer = role.client(self._job["Role"], "s3").get_object(Bucket=place.netloc, Key=place.path.removeprefix("/"))
        except Exception as error:
            raise Unusable(f"{address} cannot be read by the job's role: {error}") from error
        file.write_bytes(answer["Body"].read())
        return file


_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    # What runs here is small: one partition holds it, and planning it anew while it runs takes longer than it saves.
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    # For little data code is compiled longer than it runs.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def _catalogs(settings: dict[str, str]) -> list[str]:
    return [name for name, value in settings.items() if value == "org.apache.iceberg.spark.SparkCatalog"]


def _endpoints(endpoint: str, catalogs: list[str]) -> dict[str, str]:
    """Glue reads `s3://` through a file system of its own; here it is Hadoop's."""
    files = {
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
    }
    tables = {
        f"{catalog}.{name}": value
        for catalog in catalogs
        for name, value in {"s3.endpoint": endpoint, "glue.endpoint": endpoint, "s3.path-style-access": "true", "client.region": get_region()}.items()
    }
    return files | tables


def _check_modules(wanted: list[str]) -> None:
    """Glue installs them; here they are installed already, and must be the very versions."""
    for requirement in wanted:
        name, _, version = requirement.partition("==")
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            raise Unusable(f"--additional-python-modules: {name} is not installed; local/requirements.txt names what is") from None
        if version != found:
            raise Unusable(f"--additional-python-modules asks for {requirement}, and {found} is installed; local/requirements.txt says which")
