"""EventBridge that keeps to the policies of its targets."""

from emulator.events import rule_targets


def apply() -> None:
    """Replaces the invocation of a rule's targets."""
    rule_targets.apply()
