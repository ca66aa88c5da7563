"""Resources of templates that are imported, nested or secret, and parameters."""

from emulator.cloudformation import nested_stacks, parameters, resource_imports, secrets


def apply() -> None:
    """Replaces and adds handlers of resource types."""
    nested_stacks.apply()
    parameters.apply()
    resource_imports.apply()
    secrets.apply()
