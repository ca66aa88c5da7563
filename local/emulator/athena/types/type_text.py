"""Types as text."""

import re

from emulator.athena.types.trino_types import Type


def read_type(text: str) -> Type:
    """Reads a type as the list of functions has it; what may be of any type is a name of one or a few letters."""
    text = text.strip()
    found = re.fullmatch(r"([\w ]+?)\s*(?:\((.*)\))?( with time zone)?", text)
    name = f"{found[1]}{found[3] or ''}"
    parts = split(found[2]) if found[2] else []
    return Type(name, tuple(int(part) if part.isdigit() else read_type(part) for part in parts))


def split(text: str) -> list[str]:
    """Parts between commas that stand in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]
