"""A stack can import secrets and databases, and CloudFormation finds the stack that has a resource."""

from typing import Any

from ministack.services import cloudformation, glue, secretsmanager
from ministack.services.cloudformation import changesets, handlers, provisioners

_SECRET = "AWS::SecretsManager::Secret"
_DATABASE = "AWS::Glue::Database"

_describe = handlers._describe_stack_resources


def _secret(arn: str) -> dict | None:
    return next(
        (
            secret
            for secret in secretsmanager._secrets.values()
            if secret["ARN"] == arn and not secret.get("DeletedDate")
        ),
        None,
    )


def _no_secret(arn: str) -> str | None:
    return None if _secret(arn) else f"Resource of type '{_SECRET}' with identifier '{arn}' was not found."


def _no_database(name: str) -> str | None:
    return (
        None if name in glue._databases else f"Resource of type '{_DATABASE}' with identifier '{name}' was not found."
    )


def import_secret(identifier: dict) -> tuple:
    """A secret is found by its ARN."""
    return identifier["Id"], {"Id": identifier["Id"], "Arn": identifier["Id"]}


def import_database(identifier: dict) -> tuple:
    """A database is found by its name."""
    return identifier["DatabaseName"], {}


def describe_stack_resources(params: dict) -> Any:
    """Finds the stack by `PhysicalResourceId`; MiniStack requires the stack's name."""
    wanted = handlers._p(params, "PhysicalResourceId")
    if not wanted:
        return _describe(params)
    for name, stack in cloudformation._stacks.items():
        if any(resource.get("PhysicalResourceId") == wanted for resource in stack.get("_resources", {}).values()):
            return _describe({**params, "StackName": name})
    return handlers._error("ValidationError", f"Stack for {wanted} does not exist")


def apply() -> None:
    """Adds the two types to those that can be imported."""
    for kind, key, problem, take in (
        (_SECRET, "Id", _no_secret, import_secret),
        (_DATABASE, "DatabaseName", _no_database, import_database),
    ):
        changesets._IMPORT_LOOKUPS[kind] = ((key,), problem)
        provisioners._RESOURCE_HANDLERS[kind]["import"] = take
    for action, handler in list(handlers._ACTION_HANDLERS.items()):
        if handler is _describe:
            handlers._ACTION_HANDLERS[action] = describe_stack_resources
