"""Credentials, and what those who have them may do at this very emulator."""

import os
from typing import NamedTuple

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region


class Credentials(NamedTuple):
    """An access key with its secret, and the token of a session."""

    access_key: str
    secret_key: str
    token: str | None

    def client(self, service: str) -> BaseClient:
        """An SDK client with these credentials, so that IAM decides about each of its calls."""
        session = botocore.session.Session()
        session.set_credentials(*self)
        settings = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        return session.create_client(
            service, region_name=get_region(), endpoint_url=f"http://{host()}", config=settings
        )

    def allow(self, action: str, *resources: str) -> bool:
        """Whether IAM allows an action on each resource, for what the emulator does in process."""
        principal = iam_evaluator.resolve_principal(self.access_key, get_account_id())
        if isinstance(principal, iam_evaluator.AuthError):
            return False
        return principal.policies is None or all(_allows(principal, action, resource) for resource in resources)


def host() -> str:
    """Host and port of this very emulator."""
    return f"127.0.0.1:{os.environ['GATEWAY_PORT']}"


def _allows(principal: iam_evaluator.PrincipalInfo, action: str, resource: str) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=resource,
        region=get_region(),
        principal_keys=principal.keys,
    )
    return iam_evaluator.evaluate(context, principal.policies, *principal.limits).decision == "Allow"
