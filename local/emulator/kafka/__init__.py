"""Event source mappings on topics of Kafka."""

from emulator.kafka import mappings


def apply() -> None:
    """Lets templates map topics to functions, and reads them."""
    mappings.apply()
