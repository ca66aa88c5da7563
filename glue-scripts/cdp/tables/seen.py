"""Names what a run saw by a hash. A run that sees the same as the last one has nothing to do."""

import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

import pyspark


def name_of(*seen: object) -> str:
    """The name of what was seen, which are values of JSON."""
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


@cache
def code(script: str) -> str:
    """Another one as soon as a job's script differs, any file of the package, or the version of Spark or Python."""
    own = (Path(script).read_bytes(), pyspark.__version__.encode(), sys.version.encode())
    return hashlib.sha256(b"\0".join((*own, *contents(files("cdp"))))).hexdigest()[:16]


def contents(folder: Traversable) -> Iterator[bytes]:
    """Names and contents of all files in a folder of the package, in their order."""
    for one in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if one.is_file():
            yield from (one.name.encode(), one.read_bytes())
        elif one.name != "__pycache__":
            yield from (one.name.encode(), *contents(one))
