"""The hash of an identifier by the deployment's secret, as `lambdas/adapters/dynamodb/identifier-key.ts` makes it."""

import hmac
import re

LONE = re.compile("[\ud800-\udfff]")
"""Half of a sign of UTF-16, which no text in UTF-8 has; the stream writes a sign for unreadable ones instead."""


def short_hash(identifier: str, secret: bytes) -> int:
    """The first 64 bits of the hash in the key of a person's identifier."""
    # Accounts used the plain type first.
    name = f"users/{identifier}" if identifier.startswith("group_id:") else identifier
    return int.from_bytes(hmac.digest(secret, in_bytes(name), "sha256")[:8], "big")


def in_bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return LONE.sub("\ufffd", text).encode()
