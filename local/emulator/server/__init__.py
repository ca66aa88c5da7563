"""How requests are read, and what is repeated in the background."""

from emulator.server import http_server, parse_cache


def apply() -> None:
    """Replaces the parser of HTTP, and keeps what was parsed."""
    http_server.apply()
    parse_cache.apply()
