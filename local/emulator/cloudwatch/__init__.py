"""CloudWatch: what services count, alarms on it, and logs."""

from emulator.cloudwatch import alarms, log_pages, metrics, permissions


def apply() -> None:
    """Counts what services do, evaluates alarms, pages through logs, and names the namespace to IAM."""
    alarms.apply()
    log_pages.apply()
    metrics.apply()
    permissions.apply()
