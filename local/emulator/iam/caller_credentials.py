"""Who asks: what AWS does for a caller it does with their own credentials, such as the reading of a query and the writing of an export."""

import contextvars
import os
from dataclasses import dataclass

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id


@dataclass(frozen=True)
class Caller:
    """A caller's credentials, which the emulator knows, for it has checked their signature."""

    access_key: str
    secret_key: str
    token: str | None

    def s3(self) -> BaseClient:
        """An S3 client of the caller's, so that IAM decides about what is written for them."""
        session = botocore.session.Session()
        session.set_credentials(self.access_key, self.secret_key, self.token)
        settings = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
        return session.create_client("s3", region_name=get_region(), endpoint_url=f"http://{endpoint()}", config=settings)

    def may_see(self, database: str, table: str) -> bool:
        """Glue shows a table to whom its catalog, its database and the table itself are allowed."""
        principal = iam_evaluator.resolve_principal(self.access_key, get_account_id())
        if isinstance(principal, iam_evaluator.AuthError):
            return False
        arn = f"arn:aws:glue:{get_region()}:{get_account_id()}:"
        resources = (f"{arn}catalog", f"{arn}database/{database}", f"{arn}table/{database}/{table}")
        return principal.policies is None or all(_allows(principal, "glue:GetTable", resource) for resource in resources)


_caller: contextvars.ContextVar[Caller] = contextvars.ContextVar("caller")


def endpoint() -> str:
    """Host and port of this very emulator."""
    return f"127.0.0.1:{os.environ['GATEWAY_PORT']}"


def remember(headers: dict, query_params: dict | None) -> None:
    """Keeps the caller of the request that is being answered, for what it may start."""
    found = iam_evaluator.resolve_credential(extract_access_key_id(headers, query_params))
    if not isinstance(found, iam_evaluator.CredentialResolutionError):
        _caller.set(Caller(found.access_key_id, found.secret_access_key, found.session_token))


def current() -> Caller:
    """The caller of the request that started what is being done."""
    return _caller.get()


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
