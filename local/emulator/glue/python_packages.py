"""What a run may import: Glue's packages and the job's wheels; the installed versions must be the same."""

import re
import zipfile
from importlib import metadata
from pathlib import Path

from setup import spark_java

OF_GLUE = Path(spark_java.ROOT, "local", "setup", "glue-5.1.txt")
OF_SPARK = ("pyspark", "py4j")
_ENDING = ".gluewheels.zip"


class Unusable(Exception):
    """The job cannot start; the run gets the message as its error."""


def of_glue() -> list[str]:
    return [name(pin) for pin in pins(OF_GLUE.read_text("utf-8"))]


def pins(text: str) -> list[str]:
    """`name==version` of each line of pip's requirements."""
    return [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]


def name(pin: str) -> str:
    return re.sub(r"[-_.]+", "-", pin.partition("==")[0]).lower()


def check_options(modules: list[str], options: str) -> None:
    """Refuses options by which each run would use the internet."""
    for module in modules:
        if not module.startswith("s3://") or not module.endswith(_ENDING):
            raise Unusable(
                f"--additional-python-modules {module}: would come from the internet in each run; "
                f"the local emulator takes zips of wheels, s3://…{_ENDING}"
            )
    if modules and "--no-index" not in options.split():
        raise Unusable("--python-modules-installer-option lacks --no-index: pip would ask the internet in each run")


def in_zip(file: Path) -> list[str]:
    """Names of the packages in a zip of wheels; each version must be in the zip and installed here. Raises Unusable."""
    with zipfile.ZipFile(file) as archive:
        wheels = {"==".join(Path(entry).name.split("-")[:2]) for entry in archive.namelist() if entry.endswith(".whl")}
        wanted = pins(archive.read("wheels/requirements.txt").decode())
    for pin in wanted:
        if pin.replace("-", "_") not in wheels:
            raise Unusable(f"{pin} has no wheel in its zip, and pip may look nowhere else")
        _check_installed(pin)
    return [name(pin) for pin in wanted]


def _check_installed(pin: str) -> None:
    """Wheels are for Linux, and this machine may run something else, so a run does not install them."""
    wanted = name(pin)
    found = next(
        (one.version for one in metadata.distributions(path=[str(spark_java.PACKAGES)]) if name(one.name) == wanted),
        None,
    )
    if found is None:
        raise Unusable(f"the job's packages: {wanted} is not installed; local/setup/requirements.txt names what is")
    if found != pin.partition("==")[2]:
        raise Unusable(
            f"the job's packages: it asks for {pin}, and {found} is installed; local/setup/requirements.txt says which"
        )
