"""Tells policies which function an event source mapping starts, by which they limit who may change it."""

from functools import partial
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import lambda_svc

_MAPPING = ":event-source-mapping:"


def enforce(known: Any, key: str, action: str, service: str, region: str, **told: Any) -> Any:
    """Adds `lambda:FunctionArn` to what is known of a call about a mapping."""
    arn = told.get("resource_arn", "*")
    mapping = lambda_svc._esms.get(arn.rpartition(":")[2]) if _MAPPING in arn else None
    if mapping:
        context = {**(told.get("service_context") or {}), "lambda:FunctionArn": [mapping["FunctionArn"]]}
        told = {**told, "service_context": context}
    return known(key, action, service, region, **told)


def apply() -> None:
    """Wraps MiniStack's decision, which every call goes through."""
    iam_evaluator.enforce = partial(enforce, iam_evaluator.enforce)
