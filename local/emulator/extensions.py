"""The list of rooms."""

from importlib import import_module

_PACKAGES = (
    "apis",
    "athena",
    "cloudformation",
    "cloudwatch",
    "dynamodb",
    "events",
    "firehose",
    "functions",
    "glue",
    "iam",
    "kafka",
    "objects",
    "server",
    "streams",
)


def apply() -> None:
    """Puts every replacement in place, once, before the server starts.

    All rooms are imported first, because each keeps the originals of what it replaces when it is imported.
    """
    for package in [import_module(f"emulator.{name}") for name in _PACKAGES]:
        package.apply()
