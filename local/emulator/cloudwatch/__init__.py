"""CloudWatch: what services count, and alarms on it."""

from emulator.cloudwatch import alarms, metrics, permissions


def apply() -> None:
    """Counts what services do, evaluates alarms, and names the namespace to IAM."""
    alarms.apply()
    metrics.apply()
    permissions.apply()
