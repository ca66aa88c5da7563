"""Fields of a call whose body is JSON."""

import json
from typing import Any


def fields(body: bytes) -> dict[str, Any]:
    """What a body says by name; nothing where it is no object of JSON."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
