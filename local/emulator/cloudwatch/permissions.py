"""Tells IAM the namespace of PutMetricData."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from ministack.core import iam_actions


def context(known: Callable[..., dict], service: str, iam_action: str, body: bytes, params: dict) -> dict[str, Any]:
    """Adds the namespace to the keys of conditions; without it, a role that is bound to a namespace may put nothing."""
    found = known(service, iam_action, body, params)
    if iam_action != "cloudwatch:PutMetricData":
        return found
    return {**found, "cloudwatch:namespace": _namespace(body)}


def _namespace(body: bytes) -> str:
    """Newer clients send JSON, older ones a form."""
    return (
        json.loads(body).get("Namespace", "") if body[:1] == b"{" else parse_qs(body.decode()).get("Namespace", [""])[0]
    )


def apply() -> None:
    """Replaces how IAM finds the keys of conditions; other calls keep theirs."""
    iam_actions.request_tag_context = partial(context, iam_actions.request_tag_context)
