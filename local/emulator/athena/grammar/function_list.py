"""The names of Trino's functions and their forms as text, by the list in `functions.txt`."""

from functools import cache
from pathlib import Path

# Forms that are no functions of the list, each with what it checks of its own.
_SPECIAL = frozenset("coalesce nullif if try format grouping row typeof json_exists version".split())


@cache
def functions() -> dict[str, tuple[str, ...]]:
    """The forms of each function by its name."""
    lines = Path(__file__).with_name("functions.txt").read_text("utf-8").splitlines()[1:]
    return {name: tuple(forms.split("; ")) for name, forms in (line.split(" ", 1) for line in lines)}


def is_function(name: str) -> bool:
    """Whether Trino has a function of this name."""
    return name.lower() in _SPECIAL or name.lower() in functions()
