"""EventBridge that keeps to the policies of its targets and of its buses."""

from emulator.events import other_accounts, rule_targets


def apply() -> None:
    """Replaces the invocation of a rule's targets, and puts events on buses of other accounts."""
    rule_targets.apply()
    other_accounts.apply()
