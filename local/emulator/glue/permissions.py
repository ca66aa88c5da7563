"""Tells IAM which database or table a call is about."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core import iam_actions


def resource_arn(
    known: Callable[..., str], service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any
) -> str:
    """MiniStack takes a database's name for a table's, and a table for its whole database."""
    found = known(service, method, path, headers, body, *rest)
    if service != "glue":
        return found
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    call = json.loads(body or b"{}")
    name = call.get("Name") or (call.get("TableInput") or {}).get("Name")
    account = found.rsplit(":", 1)[0]
    if action.endswith("Database") and name:
        return f"{account}:database/{name}"
    if action.endswith("Table") and name and call.get("DatabaseName"):
        return f"{account}:table/{call['DatabaseName']}/{name}"
    return found


def apply() -> None:
    """Replaces how IAM finds the resource of a call; other services keep theirs."""
    iam_actions.extract_resource_arn = partial(resource_arn, iam_actions.extract_resource_arn)
