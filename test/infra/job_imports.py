"""Imports all that a job's script and the modules it reaches import, inside functions too, with no packages but those named.

    job_imports.py <job> <package>...    prints which of the packages were imported, themselves or for one that asks for them
"""

import ast
import importlib
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "glue-scripts"


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def of_glue() -> set[str]:
    """What Glue has before any job's packages: AWS's list, and Spark."""
    listed = (ROOT / "local" / "setup" / "glue-5.1.txt").read_text("utf-8").splitlines()
    return {plain(line.partition("==")[0]) for line in listed if not line.startswith("#")} | {"pyspark", "py4j"}


def tops(distribution: metadata.Distribution) -> set[str]:
    return {file.parts[0] for file in distribution.files or [] if file.parts[0] not in ("..", "__pycache__")}


def imported_by(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def reach(script: Path) -> tuple[set[str], set[str]]:
    """Modules of ours that a script reaches, and modules of others."""
    ours, others, left = set(), set(), list(imported_by(script))
    while left:
        module = left.pop()
        file = SCRIPTS.joinpath(*module.split(".")).with_suffix(".py")
        if file.exists() and module not in ours:
            ours.add(module)
            left += imported_by(file)
        elif module.split(".")[0] != "cdp":
            others.add(module.split(".")[0])
    return ours, others


def inside(job: str) -> None:
    """In the process that has nothing else: imports it all, and says which modules there are then."""
    script = SCRIPTS / "jobs" / f"{job}.py"
    ours, others = reach(script)
    for module in sorted(ours | others):
        importlib.import_module(module)
    found = importlib.util.spec_from_file_location("job", script)
    found.loader.exec_module(importlib.util.module_from_spec(found))
    print(json.dumps(sorted({module.split(".")[0] for module in sys.modules})))


def main(job: str, packages: list[str]) -> None:
    allowed = of_glue() | set(packages)
    here = {plain(one.name): one for one in metadata.distributions()}
    with TemporaryDirectory() as directory:
        for distribution in (one for name, one in here.items() if name in allowed):
            for top in tops(distribution):
                Path(directory, top).symlink_to(distribution.locate_file(top))
        code = f"import sys; sys.path[:0] = [{str(SCRIPTS)!r}, {directory!r}, {str(Path(__file__).parent)!r}]; import job_imports; job_imports.inside({job!r})"
        # Isolated, and without the packages of this environment.
        ended = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(ended.stderr.strip().splitlines()[-1])
    modules = set(json.loads(ended.stdout))
    imported = {name for name in packages if tops(here[name]) & (modules | {f"{module}.py" for module in modules})}
    asked = {plain(re.split(r"[^\w.-]", wish)[0]) for name in imported for wish in here[name].requires or []}
    print(json.dumps(sorted(imported | (asked & set(packages)))))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
