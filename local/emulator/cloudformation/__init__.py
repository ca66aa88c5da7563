"""Resources of templates that are imported, nested or secret."""

from emulator.cloudformation import nested_stacks, resource_imports, secrets


def apply() -> None:
    """Replaces and adds handlers of resource types."""
    nested_stacks.apply()
    resource_imports.apply()
    secrets.apply()
