"""Tells IAM which workgroup a call is about, even if the call names only a query."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core import iam_actions
from ministack.services import athena

from emulator.iam.call_fields import fields


def resource_arn(
    known: Callable[..., str], service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any
) -> str:
    """MiniStack finds the workgroup only where a call names it, so a role for one could not read results."""
    found = known(service, method, path, headers, body, *rest)
    return found if service != "athena" or found != "*" else _resource(fields(body))


def _resource(call: dict[str, Any]) -> str:
    if "CatalogName" in call:
        return athena._arn_datacatalog(call["CatalogName"])
    queries = [call.get("QueryExecutionId"), *call.get("QueryExecutionIds", [])]
    saved = [call.get("NamedQueryId"), *call.get("NamedQueryIds", [])]
    asked = [athena._executions.get(each) for each in queries if each] + [
        athena._named_queries.get(each) for each in saved if each
    ]
    groups = {each["WorkGroup"] for each in asked if each}
    return athena._arn_workgroup(groups.pop()) if len(groups) == 1 else "*"


def apply() -> None:
    """Replaces how IAM finds the resource of a call; other services keep theirs."""
    iam_actions.extract_resource_arn = partial(resource_arn, iam_actions.extract_resource_arn)
