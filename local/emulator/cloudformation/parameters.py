"""A template's parameter of Systems Manager without a name has the name that it gets on AWS."""

from secrets import token_urlsafe

from ministack.services.cloudformation import provisioners

_create = provisioners._ssm_create


def create(logical_id: str, props: dict, stack_name: str) -> tuple:
    """A generated name has no slash, which its ARN would lack."""
    name = props.get("Name") or f"CFN-{logical_id}-{token_urlsafe(9).replace('-', 'x').replace('_', 'y')}"
    return _create(logical_id, {**props, "Name": name}, stack_name)


def apply() -> None:
    """Replaces the handler of the resource type."""
    provisioners._ssm_create = create
    provisioners._RESOURCE_HANDLERS["AWS::SSM::Parameter"].update(create=create)
