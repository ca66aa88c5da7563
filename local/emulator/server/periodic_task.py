"""Work that the emulator does again and again beside what it is asked for."""

import logging
import threading
import time
from collections.abc import Callable


def start(work: Callable[[], None], pause: float, name: str) -> None:
    """Does some work every so many seconds, in a thread of its own; when it fails that is told, and it is done again all the same."""

    def forever() -> None:
        while True:
            time.sleep(pause)
            try:
                work()
            except Exception:
                logging.getLogger(f"emulator.{name}").exception("%s failed, and is tried again", name)

    threading.Thread(target=forever, daemon=True, name=name).start()
