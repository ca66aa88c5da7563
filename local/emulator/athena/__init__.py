"""Athena over tables and views of the Glue catalog, with Trino's SQL and with workgroups."""

from emulator.athena import named_queries, permissions, query_executions


def apply() -> None:
    """Replaces how queries run, adds saved queries to templates, and names the workgroup to IAM."""
    query_executions.apply()
    named_queries.apply()
    permissions.apply()
