"""Who asks, and as which role a service acts: what IAM decides by."""

from emulator.iam import loopback_tls


def apply() -> None:
    """Counts requests from this machine to itself as TLS."""
    loopback_tls.apply()
