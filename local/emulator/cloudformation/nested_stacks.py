"""A deleted nested stack keeps the resources that its template retains; an updated one keeps attributes.

When a nested stack is deleted because the creation of its parent failed, it keeps only what has the policy `Retain`.
"""

from ministack.services.cloudformation import _stacks, provisioners
from ministack.services.cloudformation.stacks import _resource_policy

_TYPE = "AWS::CloudFormation::Stack"
_delete = provisioners._cfn_nested_stack_delete
_update = provisioners._cfn_nested_stack_update
_update_resource = provisioners._update_resource

# By nested stack and logical id, as they were before an update.
_attributes: dict[str, dict[str, dict]] = {}


def delete(physical_id: str, props: dict) -> None:
    """MiniStack deletes every resource, whatever its DeletionPolicy is."""
    name = provisioners._nested_stack_lookup_name(physical_id)
    stack = _stacks.get(name) or {}
    resources = stack.get("_resources", {})
    for logical_id in [logical_id for logical_id in resources if _is_kept(logical_id, name, stack)]:
        del resources[logical_id]
    _delete(physical_id, props)


def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str) -> tuple:
    """MiniStack forgets the attributes of every resource that does not change, so that references to them fail."""
    name = provisioners._nested_stack_lookup_name(physical_id)
    resources = (_stacks.get(name) or {}).get("_resources", {})
    _attributes[name] = {logical_id: resource.get("Attributes") or {} for logical_id, resource in resources.items()}
    return _update(physical_id, old_props, new_props, stack_name)


def update_resource(
    kind: str,
    physical_id: str,
    old: dict,
    new: dict,
    stack_name: str,
    logical_id: str | None = None,
    attributes: dict | None = None,
) -> tuple:
    """Passes the attributes that the resource had before the update."""
    known = attributes or _attributes.get(stack_name, {}).get(logical_id or "")
    return _update_resource(kind, physical_id, old, new, stack_name, logical_id, known)


def _is_kept(logical_id: str, name: str, stack: dict) -> bool:
    template = stack["_template"]
    surroundings = (
        stack["_resolved_params"],
        stack["_conditions"],
        template.get("Mappings", {}),
        name,
        stack["StackId"],
    )
    policy = _resource_policy(
        template["Resources"].get(logical_id), "DeletionPolicy", stack["_resources"], *surroundings
    )
    kept = ("Retain",) if _is_undone(stack["ParentId"]) else provisioners._RETAINING_POLICIES
    return policy in kept


def _is_undone(stack_id: str) -> bool:
    return any(
        stack["StackId"] == stack_id and stack["StackStatus"] == "ROLLBACK_IN_PROGRESS" for stack in _stacks.values()
    )


def apply() -> None:
    """Replaces deletion and update of the resource type."""
    provisioners._RESOURCE_HANDLERS[_TYPE].update(delete=delete, update=update)
    provisioners._update_resource = update_resource
