"""One run of a Spark job as a process: the job's script and arguments, on a local Spark, as the job's role."""

import os
import sys
from pathlib import Path
from urllib.parse import urlparse

from ministack.core.responses import get_region

from setup import spark_java
from emulator.glue import python_packages, spark_settings, warm_driver, warm_java
from emulator.glue.python_packages import Unusable
from emulator.iam import assumed_role
from emulator.iam.credentials import host


class SparkProcess:
    """A job's process. `run` waits for its end; `stop` ends the process and everything that it started."""

    def __init__(self, job: dict, arguments: dict[str, str], directory: Path) -> None:
        self._job, self._arguments, self._directory = job, arguments, directory
        self._driver: warm_driver.WaitingDriver | None = None

    def run(self, seconds: float) -> tuple[int, dict[str, str]]:
        """Exit code and what was printed: by Spark, and by the script. Raises Unusable, and TimeoutExpired when the process did not end in time."""
        script = self._fetch(self._job["Command"]["ScriptLocation"])
        environment = self._environment()
        packages = self._packages()
        settings = spark_settings.of_run(self._arguments.get("--conf", ""))
        self._java = warm_java.take(self._submit_arguments(settings))
        self._driver = warm_driver.take()
        words = [word for pair in self._arguments.items() for word in pair]
        self._driver.run(
            [str(script), *words],
            self._directory,
            environment,
            packages,
            self._java.address,
            spark_settings.properties(settings, environment),
        )
        code = None
        try:
            code = self._driver.wait(seconds)
        finally:
            of_java = self._java.printed()
            if code == 0:
                self._java.free()
            else:
                # Who knows what a script that failed left in it.
                self.stop()
        return code, {
            "error": of_java.decode("utf-8", "replace"),
            "output": self._driver.printed().decode("utf-8", "replace"),
        }

    def stop(self) -> None:
        if self._driver is not None:
            self._java.kill()
            self._driver.kill()

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

    def _submit_arguments(self, settings: dict[str, str]) -> str:
        """How Java is started: with the formats the job asks for, and what can only be set then."""
        formats = self._listed("--datalake-formats")
        unknown = [name for name in formats if name != "iceberg"]
        if unknown:
            raise Unusable(f"--datalake-formats {','.join(unknown)}: the local emulator has iceberg")
        of_driver = {name: value for name, value in settings.items() if name.startswith("spark.driver.")}
        return spark_java.submit_arguments(of_driver, iceberg=bool(formats))

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
