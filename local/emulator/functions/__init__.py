"""Lambda's functions, whoever invokes them."""

from emulator.functions import queue_concurrency


def apply() -> None:
    """Bounds how many functions run at once for a queue."""
    queue_concurrency.apply()
