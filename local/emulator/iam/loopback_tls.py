"""Requests from this machine to itself count as TLS."""

import contextvars
import ipaddress

from ministack import app
from ministack.core import iam_evaluator


def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
    """Lets bucket policies require TLS, as they must on AWS: nobody can listen to loopback."""
    iam_evaluator._request_origin.set((source_ip, secure_transport or ipaddress.ip_address(source_ip).is_loopback))


def apply() -> None:
    """Replaces how IAM learns where a request came from; work outside a request counts as this machine's own."""
    iam_evaluator._request_origin = contextvars.ContextVar("ministack_request_origin", default=("127.0.0.1", True))
    app.pin_request_origin = pin_request_origin
