"""Glue that runs Spark jobs."""

from emulator.glue import jobs, permissions, security_configurations


def apply() -> None:
    """Replaces how jobs run, adds security configurations to templates, and names databases and tables to IAM."""
    jobs.apply()
    permissions.apply()
    security_configurations.apply()
