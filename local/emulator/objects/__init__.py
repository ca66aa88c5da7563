"""Objects of S3."""

from emulator.objects import versions


def apply() -> None:
    """Replaces how a version of an object is read."""
    versions.apply()
