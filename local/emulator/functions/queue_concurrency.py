"""A queue starts no more functions at once than the machine has cores: each is a process that has to start."""

import os

from ministack.services import lambda_svc

_MOST = max(2, os.cpu_count() or 1)
_concurrency = lambda_svc._sqs_esm_concurrency


def concurrency(*mapping: object) -> int:
    """MiniStack starts as many as the mapping allows at once; AWS begins with five."""
    return min(_MOST, _concurrency(*mapping))


def apply() -> None:
    """Bounds how many batches of a queue are under way."""
    lambda_svc._sqs_esm_concurrency = concurrency
