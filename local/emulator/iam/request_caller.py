"""Who sent the current request: queries read, and exports write, with the rights of whoever asked."""

import contextvars

from ministack.core import iam_evaluator
from ministack.core.router import extract_access_key_id

from emulator.iam.credentials import Credentials

_caller: contextvars.ContextVar[Credentials] = contextvars.ContextVar("caller")


def remember(headers: dict, query_params: dict | None) -> None:
    """Keeps the caller's credentials, whose signature MiniStack has checked, for what the request starts."""
    found = iam_evaluator.resolve_credential(extract_access_key_id(headers, query_params))
    if not isinstance(found, iam_evaluator.CredentialResolutionError):
        _caller.set(Credentials(found.access_key_id, found.secret_access_key, found.session_token))


def current() -> Credentials:
    """The credentials of whoever sent the request."""
    return _caller.get()
