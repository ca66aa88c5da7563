"""The list of what is extended."""

from emulator import (
    alarms,
    athena_iceberg,
    athena_named_queries,
    athena_permissions,
    delivery_streams,
    event_targets,
    glue_jobs,
    glue_permissions,
    glue_security,
    http_api,
    http_server,
    imports,
    loopback,
    metric_permissions,
    metrics,
    nested_stacks,
    queue_mappings,
    repeated_work,
    stream_mappings,
    table_exports,
    template_secrets,
    worker_output,
)

_EXTENSIONS = (
    alarms,
    athena_iceberg,
    athena_named_queries,
    athena_permissions,
    delivery_streams,
    event_targets,
    glue_jobs,
    glue_permissions,
    glue_security,
    http_api,
    http_server,
    imports,
    loopback,
    metric_permissions,
    metrics,
    nested_stacks,
    queue_mappings,
    repeated_work,
    stream_mappings,
    table_exports,
    template_secrets,
    worker_output,
)


def apply() -> None:
    """Puts every extension in place; called once, before the server starts."""
    for extension in _EXTENSIONS:
        extension.apply()
