"""Batch calls of SQS and SNS need the permission for the single call; IAM knows no other."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core import iam_actions


def action(known: Callable[..., str | None], service: str, *call: Any) -> str | None:
    """`sqs:SendMessageBatch` is `sqs:SendMessage` to a policy, and `sns:PublishBatch` is `sns:Publish`."""
    found = known(service, *call)
    return found.removesuffix("Batch") if service in ("sqs", "sns") and found else found


def apply() -> None:
    """Replaces how IAM finds the action of a call; other services keep theirs."""
    iam_actions.extract_iam_action = partial(action, iam_actions.extract_iam_action)
