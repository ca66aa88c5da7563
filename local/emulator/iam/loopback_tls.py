"""Requests from this machine to itself count as TLS."""

import contextvars
import ipaddress

from ministack import app
from ministack.core import iam_evaluator


def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
    """Bucket policies that demand TLS (ours and that of CDK's staging bucket) must hold on AWS, and are as true of loopback, which no one can tap."""
    iam_evaluator._request_origin.set((source_ip, secure_transport or ipaddress.ip_address(source_ip).is_loopback))


def apply() -> None:
    """Replaces how the evaluator learns where a request came from; work outside a request is the emulator's own."""
    iam_evaluator._request_origin = contextvars.ContextVar("ministack_request_origin", default=("127.0.0.1", True))
    app.pin_request_origin = pin_request_origin
