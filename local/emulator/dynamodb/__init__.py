"""Exports of DynamoDB tables."""

from emulator.dynamodb import table_exports


def apply() -> None:
    """Replaces how exports are started and told of."""
    table_exports.apply()
