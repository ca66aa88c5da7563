"""Who asks, for what, and as which role a service acts: what IAM decides by."""

from emulator.iam import batch_actions, leading_keys, loopback_tls, mapping_functions, named_places


def apply() -> None:
    """Counts this machine's own requests as TLS, lets policies name partitions, senders and functions."""
    loopback_tls.apply()
    leading_keys.apply()
    batch_actions.apply()
    named_places.apply()
    mapping_functions.apply()
