"""The rows of the benches of imports, and the time that work takes."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

START = datetime(2026, 5, 1, tzinfo=UTC)


def contact(chance: random.Random, number: int) -> dict:
    """A contact of a CRM with 38 columns, about a kilobyte."""
    notes = {f"field_{n}": f"{chance.getrandbits(40):010x}" for n in range(34)}
    return {"id": str(number), "email": f"person{number}@shop.example", "city": "Oslo", "stage": "lead", **notes}


def timed(work: Callable[[], dict]) -> tuple[float, dict]:
    started = time.perf_counter()
    result = work()
    return round(time.perf_counter() - started, 2), result
