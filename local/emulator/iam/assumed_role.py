"""Sessions of roles, for services that act as the roles they are given."""

import functools
import hashlib

from botocore.client import BaseClient
from ministack.services import sts

from emulator.iam.credentials import Credentials


def credentials(role_arn: str) -> Credentials:
    """A session of the role; IAM decides about it as about any other."""
    digest = hashlib.sha256(role_arn.encode()).hexdigest()
    made = Credentials(f"ASIA{digest[:16].upper()}", digest, f"token-{digest}")
    arn = f"arn:aws:sts::{role_arn.split(':')[4]}:assumed-role/{role_arn.rsplit('/', 1)[-1]}/emulator"
    session = {
        "Arn": arn,
        "UserId": f"{digest[:20]}:emulator",
        "SecretAccessKey": made.secret_key,
        "SessionToken": made.token,
    }
    sts.register_session(made.access_key, session)
    return made


@functools.cache
def client(role_arn: str, service: str) -> BaseClient:
    """An SDK client with a session of the role."""
    return credentials(role_arn).client(service)


def allows(role_arn: str, action: str, resource_arn: str) -> bool:
    """Whether the role may do something that the emulator does in process."""
    return credentials(role_arn).allow(action, resource_arn)
