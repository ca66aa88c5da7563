"""Event source mappings on Kinesis and table streams."""

from emulator.streams import mappings


def apply() -> None:
    """Replaces the two pollers of streams."""
    mappings.apply()
