"""HTTP APIs."""

from emulator.apis import http_api


def apply() -> None:
    """Replaces how HTTP APIs of templates are made, and how they answer."""
    http_api.apply()
