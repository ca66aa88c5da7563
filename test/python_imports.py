"""Prints, as JSON, what Python files import besides Python's own modules, and which file of the repository that is.

python_imports.py < {"<file>": "<source>", ...}
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

BASES = ("local", "glue-scripts")


def file_of(module: str, planted: set[str]) -> str | None:
    """The file of a module of the repository."""
    path = module.replace(".", "/")
    candidates = [f"{base}/{path}{ending}" for base in BASES for ending in (".py", "/__init__.py")]
    return next((each for each in candidates if each in planted or Path(each).is_file()), None)


def modules_of(source: str, file: str, planted: set[str]) -> Iterator[str]:
    """Each module that is imported, wherever in the file; a name that is taken from a package is a module where there is one."""
    for node in ast.walk(ast.parse(source, file)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = (
                ".".join([*Path(file).parts[1 : -node.level], *filter(None, [node.module])])
                if node.level
                else node.module
            )
            for each in node.names:
                inner = f"{module}.{each.name}"
                yield inner if file_of(inner, planted) else module


def main() -> None:
    sources = json.load(sys.stdin)
    planted = set(sources)
    imports = {
        file: [
            {"module": module, "file": file_of(module, planted)}
            for module in dict.fromkeys(modules_of(source, file, planted))
            if module.partition(".")[0] not in sys.stdlib_module_names
        ]
        for file, source in sources.items()
    }
    json.dump(imports, sys.stdout)


if __name__ == "__main__":
    main()
