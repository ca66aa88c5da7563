"""Runs a job's script in this process, where it finds no package that Glue does not have.

run_script.py <names of the packages, with commas> <script> [<its own arguments>]
"""

import re
import runpy
import sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

INSTALLED = packages_distributions()


class Absent(MetaPathFinder):
    """Finds no package that is installed on this machine and would not be there on Glue."""

    def __init__(self, given: list[str]) -> None:
        self._given = given

    def find_spec(self, module: str, _path: object = None, _target: object = None) -> None:
        if module in INSTALLED and not any(
            re.sub(r"[-_.]+", "-", package).lower() in self._given for package in INSTALLED[module]
        ):
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)


if __name__ == "__main__":
    _, packages, script, *_ = sys.argv
    del sys.argv[:2]
    # One log has all that a script prints, in order; Java inherits the other for what Spark prints.
    sys.stdout.reconfigure(line_buffering=True)
    sys.stderr = sys.stdout
    sys.path[0] = str(Path(script).parent)
    sys.meta_path.insert(0, Absent(packages.split(",")))
    runpy.run_path(script, run_name="__main__")
