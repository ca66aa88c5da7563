"""The calls, and the form that each field of a call must have."""

TYPES = ("track", "identify", "page", "screen", "group", "alias")
OF_EVERY_CALL = (
    "messageId",
    "type",
    "userId",
    "anonymousId",
    "sourceId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
)
TEXTS = dict.fromkeys(OF_EVERY_CALL, TYPES) | {
    "event": ("track",),
    "name": ("page", "screen"),
    "previousId": ("alias",),
    "groupId": ("group",),
}
"""Fields that must be texts, and the calls that this holds for.

Other calls may have anything there, as in the stream.
"""
FIELDS = {
    "properties": ("track", "page", "screen"),
    "traits": ("identify", "group"),
    "context": TYPES,
    "integrations": TYPES,
}
"""Fields that must be objects, and the calls that this holds for."""
