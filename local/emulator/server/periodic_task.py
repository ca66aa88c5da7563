"""Work that is repeated in the background."""

import logging
import threading
import time
from collections.abc import Callable


def start(work: Callable[[], None], pause: float, name: str) -> None:
    """Repeats some work, with a pause in seconds, in a thread; logs what the work raises and goes on."""

    def forever() -> None:
        while True:
            time.sleep(pause)
            try:
                work()
            except Exception:
                logging.getLogger(f"emulator.{name}").exception("%s failed, and is tried again", name)

    threading.Thread(target=forever, daemon=True, name=name).start()
