"""Acting as a role: what AWS services do with the roles that they are given."""

import functools
import hashlib
import os
from typing import NamedTuple

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import sts


class Credentials(NamedTuple):
    """Those of a session of a role."""

    access_key: str
    secret_key: str
    token: str


def credentials(role_arn: str, purpose: str) -> Credentials:
    """A session of the role, by which IAM decides as it does for anyone."""
    digest = hashlib.sha256(f"{role_arn} {purpose}".encode()).hexdigest()
    made = Credentials(f"ASIA{digest[:16].upper()}", digest, f"token-{digest}")
    session = {"Arn": _session_arn(role_arn), "UserId": f"{digest[:20]}:emulator", "SecretAccessKey": made.secret_key, "SessionToken": made.token}
    sts.register_session(made.access_key, session)
    return made


def endpoint() -> str:
    """Where this very emulator listens."""
    return f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"


@functools.cache
def client(role_arn: str, service: str) -> BaseClient:
    """An SDK client that calls this very emulator with a session of the role."""
    session = botocore.session.Session()
    session.set_credentials(*credentials(role_arn, service))
    return session.create_client(
        service,
        region_name=get_region(),
        endpoint_url=endpoint(),
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def allows(role_arn: str, action: str, resource_arn: str) -> bool:
    """Whether the role's own policies allow an action, for what the emulator does in process."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    context = iam_evaluator.EvalContext(
        principal_arn=_session_arn(role_arn),
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource_arn,
        region=get_region(),
    )
    return iam_evaluator.evaluate(context, iam_evaluator._gather_role_policies(name, account)).decision == "Allow"


def _session_arn(role_arn: str) -> str:
    return f"arn:aws:sts::{role_arn.split(':')[4]}:assumed-role/{role_arn.rsplit('/', 1)[-1]}/emulator"
