"""Who asks, for what, and as which role a service acts: what IAM decides by."""

from emulator.iam import batch_actions, leading_keys, loopback_tls


def apply() -> None:
    """Counts requests from this machine to itself as TLS, lets policies name partitions, and knows batch calls."""
    loopback_tls.apply()
    leading_keys.apply()
    batch_actions.apply()
