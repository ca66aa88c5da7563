"""The list of what is extended."""

from importlib import import_module

_EXTENSIONS = (
    "alarms",
    "athena",
    "delivery_streams",
    "event_targets",
    "glue_jobs",
    "glue_permissions",
    "glue_security",
    "http_api",
    "http_server",
    "imports",
    "loopback",
    "metric_permissions",
    "metrics",
    "nested_stacks",
    "queue_mappings",
    "repeated_work",
    "stream_mappings",
    "table_exports",
    "template_secrets",
    "worker_output",
)


def apply() -> None:
    """Puts every extension in place; called once, before the server starts. All are imported first, so that each finds what MiniStack has."""
    for extension in [import_module(f"emulator.{name}") for name in _EXTENSIONS]:
        extension.apply()
