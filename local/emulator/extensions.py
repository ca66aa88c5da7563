"""The list of what is extended."""

from emulator import http_api, loopback, template_secrets


def apply() -> None:
    """Puts every extension in place; called once, before the server starts."""
    http_api.apply()
    loopback.apply()
    template_secrets.apply()
