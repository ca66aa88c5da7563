"""Firehose that buffers, compresses and retries."""

from emulator.firehose import delivery_streams


def apply() -> None:
    """Replaces the delivery to S3."""
    delivery_streams.apply()
