"""A nested stack that goes leaves behind what its own template keeps, unless it goes because its parent could not be made."""

from ministack.services.cloudformation import _stacks, provisioners
from ministack.services.cloudformation.stacks import _resource_policy

_TYPE = "AWS::CloudFormation::Stack"
_delete = provisioners._cfn_nested_stack_delete


def delete(physical_id: str, props: dict) -> None:
    """The emulator deletes all of it, whatever its DeletionPolicy says."""
    name = provisioners._nested_stack_lookup_name(physical_id)
    stack = _stacks.get(name) or {}
    resources = stack.get("_resources", {})
    for logical_id in [logical_id for logical_id in resources if _is_kept(logical_id, name, stack)]:
        del resources[logical_id]
    _delete(physical_id, props)


def _is_kept(logical_id: str, name: str, stack: dict) -> bool:
    template = stack["_template"]
    surroundings = (stack["_resolved_params"], stack["_conditions"], template.get("Mappings", {}), name, stack["StackId"])
    policy = _resource_policy(template["Resources"].get(logical_id), "DeletionPolicy", stack["_resources"], *surroundings)
    kept = ("Retain",) if _is_undone(stack["ParentId"]) else provisioners._RETAINING_POLICIES
    return policy in kept


def _is_undone(stack_id: str) -> bool:
    return any(stack["StackId"] == stack_id and stack["StackStatus"] == "ROLLBACK_IN_PROGRESS" for stack in _stacks.values())


def apply() -> None:
    """Replaces the deletion of the resource type."""
    provisioners._RESOURCE_HANDLERS[_TYPE].update(delete=delete)
