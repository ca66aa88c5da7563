"""The list of what is extended: one package for each service of AWS, and `server`."""

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
    "server",
    "streams",
)


def apply() -> None:
    """Puts every extension in place; called once, before the server starts. All are imported first, so that each finds what MiniStack has."""
    for package in [import_module(f"emulator.{name}") for name in _PACKAGES]:
        package.apply()
