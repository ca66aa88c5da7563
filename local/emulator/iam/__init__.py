"""Who asks, and as which role a service acts: what IAM decides by."""

from emulator.iam import leading_keys, loopback_tls


def apply() -> None:
    """Counts requests from this machine to itself as TLS, and lets policies limit a role to some partitions."""
    loopback_tls.apply()
    leading_keys.apply()
