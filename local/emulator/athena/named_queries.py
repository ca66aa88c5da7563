"""Saved queries of Athena in templates; MiniStack has them, but not as a resource type."""

import json

from ministack.services import athena
from ministack.services.cloudformation import provisioners

_TYPE = "AWS::Athena::NamedQuery"


def create(logical_id: str, props: dict, _stack_name: str) -> tuple:
    """`Ref` and `NamedQueryId` are the id; without a name it is the logical id."""
    _status, _headers, body = athena._create_named_query({"Name": logical_id, **props})
    query_id = json.loads(body)["NamedQueryId"]
    return query_id, {"NamedQueryId": query_id}


def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str, logical_id: str | None = None) -> tuple:
    """Every change replaces the query, as on AWS."""
    if old_props == new_props:
        return physical_id, {"NamedQueryId": physical_id}
    delete(physical_id, old_props)
    return create(logical_id or physical_id, new_props, stack_name)


def delete(physical_id: str, _props: dict) -> None:
    """Forgets the query."""
    athena._delete_named_query({"NamedQueryId": physical_id})


def apply() -> None:
    """Adds the resource type."""
    provisioners._RESOURCE_HANDLERS[_TYPE] = {"create": create, "update": update, "delete": delete}
