"""What calls of SES and SQS are about: the identity that sends a mail, and a queue of another account."""

from collections.abc import Callable
from email.utils import parseaddr
from functools import partial
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id

from emulator.iam.call_fields import fields

_MAILS = "/v2/email/outbound-emails"


def _sender(body: bytes) -> str:
    return parseaddr(fields(body).get("FromEmailAddress", ""))[1]


def place(known: Callable[..., str], service: str, method: str, path: str, *call: Any) -> str:
    """The ARN that a policy names: the domain that sends; the queue in the account that the call names."""
    _, body, _, region, account = call
    owner = fields(body).get("QueueOwnerAWSAccountId") if service == "sqs" else None
    if owner:
        return f"arn:aws:sqs:{region}:{owner}:{fields(body).get('QueueName')}"
    if service == "ses" and method == "POST" and path == _MAILS:
        return f"arn:aws:ses:{region}:{account}:identity/{_sender(body).rpartition('@')[2]}"
    return known(service, method, path, *call)


def enforce_mails(known: Callable[..., Any], method: str, path: str, headers: dict, body: bytes, *call: Any) -> Any:
    """Tells policies who sends a mail."""
    if not app.AUTH or method != "POST" or path != _MAILS:
        return known(method, path, headers, body, *call)
    query, request_id = call
    region = app.extract_region(headers, query)
    arn = iam_actions.extract_resource_arn("ses", method, path, headers, body, query, region, get_account_id())
    told = {"service_context": {"ses:FromAddress": _sender(body)}, "resource_arn": arn, "named_resource": arn}
    return app._enforce_data_plane("sesv2", "ses:SendEmail", headers, query, request_id, **told)


def apply() -> None:
    """Replaces how IAM finds what such a call is about; other calls keep MiniStack's."""
    iam_actions.extract_resource_arn = partial(place, iam_actions.extract_resource_arn)
    app._enforce_ses_v2 = partial(enforce_mails, app._enforce_ses_v2)
