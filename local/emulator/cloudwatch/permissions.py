"""Who may put metrics is decided by their namespace, which IAM knows on AWS."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from ministack.core import iam_actions


def context(known: Callable[..., dict], service: str, iam_action: str, body: bytes, params: dict) -> dict[str, Any]:
    """What conditions of a policy may ask about a call; the emulator leaves out the namespace, so that a role that is bound to one may put nothing."""
    found = known(service, iam_action, body, params)
    if iam_action != "cloudwatch:PutMetricData":
        return found
    return {**found, "cloudwatch:namespace": _namespace(body)}


def _namespace(body: bytes) -> str:
    """Clients of CloudWatch write JSON or a form, by their age."""
    return json.loads(body).get("Namespace", "") if body[:1] == b"{" else parse_qs(body.decode()).get("Namespace", [""])[0]


def apply() -> None:
    """Has the evaluator ask here; other calls are left to what was there before."""
    iam_actions.request_tag_context = partial(context, iam_actions.request_tag_context)
