"""Security configurations of Glue in templates; they encrypt what jobs write besides tables."""

from typing import Any

from ministack.services import glue
from ministack.services.cloudformation import provisioners

_TYPE = "AWS::Glue::SecurityConfiguration"


def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple:
    """MiniStack's CloudFormation lacks the type; its Glue has it."""
    status, _headers, body = glue._create_security_configuration(props)
    if status != 200:
        raise ValueError(f"{_TYPE}: {body!r}")
    return props["Name"], {}


def delete(physical_id: str, _props: dict[str, Any]) -> None:
    """Deletes the configuration with its stack."""
    glue._delete_security_configuration({"Name": physical_id})


def apply() -> None:
    """Adds the resource type."""
    provisioners._RESOURCE_HANDLERS[_TYPE] = {"create": create, "delete": delete}
