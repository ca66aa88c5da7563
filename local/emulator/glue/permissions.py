"""What of the catalog a call is about: IAM decides on the database, or on the table in it."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core import iam_actions


def resource_arn(known: Callable[..., str], service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any) -> str:
    """The emulator takes a database that is asked for by name for a table, and a table in a database for the whole database."""
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
    """Has the evaluator learn what a call is about from here; calls of other services are left to what was there before."""
    iam_actions.extract_resource_arn = partial(resource_arn, iam_actions.extract_resource_arn)
