"""Lambda's functions, whoever invokes them."""

from emulator.functions import printed_output, queue_concurrency


def apply() -> None:
    """Bounds how many functions run at once for a queue, and answers without a wait."""
    printed_output.apply()
    queue_concurrency.apply()
