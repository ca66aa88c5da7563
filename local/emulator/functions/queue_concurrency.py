"""Functions take messages from a queue as many at once as the machine has cores: each is a process that has to start and to warm up."""

import os

from ministack.services import lambda_svc

_MOST = max(2, os.cpu_count() or 1)
_concurrency = lambda_svc._sqs_esm_concurrency


def concurrency(*mapping: object) -> int:
    """The emulator starts as many as the mapping allows, and at once; AWS begins with five."""
    return min(_MOST, _concurrency(*mapping))


def apply() -> None:
    """Bounds how many batches of a queue are under way."""
    lambda_svc._sqs_esm_concurrency = concurrency
