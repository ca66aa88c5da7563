"""Partitions that a request to DynamoDB names, by which a policy may limit it to some of a table's items."""

import json
from collections.abc import Callable

from ministack.core import iam_actions

_CONDITION_KEY = "dynamodb:LeadingKeys"
_PARTITION_KEY = "pk"


def leading_keys(body: bytes) -> list[str]:
    """Every partition that a request names, in the one table's name for it."""
    asked = json.loads(body or b"{}")
    batches = asked.get("RequestItems", {}).values()
    keys = [asked.get("Key"), asked.get("Item"), *(key for batch in batches for key in _keys_in(batch))]
    partitions = [key.get(_PARTITION_KEY, {}).get("S") for key in keys if key]
    return [partition for partition in partitions if partition is not None]


def _keys_in(batch: dict | list) -> list[dict]:
    return batch.get("Keys", []) if isinstance(batch, dict) else []


def with_leading_keys(context_of: Callable[[bytes], dict]) -> Callable[[bytes], dict]:
    """Adds the partitions to what MiniStack tells policies about a request."""

    def context(body: bytes) -> dict:
        found = leading_keys(body)
        return {**context_of(body), **({_CONDITION_KEY: found} if found else {})}

    return context


def apply() -> None:
    """Lets policies limit a role to some partitions."""
    iam_actions.dynamodb_service_context = with_leading_keys(iam_actions.dynamodb_service_context)
