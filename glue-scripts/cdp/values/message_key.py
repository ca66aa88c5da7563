"""Builds the key that tells messages apart: source, message id and whom the message names, as sent.

The stream does the same in `lambdas/core/profile/message-key.ts`.
"""

from collections.abc import Callable

from cdp.values.text_in_sql import trimmed

OF_ALL = ("sourceId", "messageId", "userId", "anonymousId")
NAMES = ("userId", "anonymousId", "groupId", "previousId")
"""These are trimmed, as in the stream."""
OF_TYPE = {"group": "groupId", "alias": "previousId"}
OF_IDENTIFY = ("traits.email", "traits.phone")
IN_CONTEXT = (
    "traits.email",
    "traits.phone",
    "device.id",
    "device.type",
    "device.advertisingId",
    "device.adTrackingEnabled",
    "externalIds",
)
PATHS = (*OF_ALL, *OF_TYPE.values(), *OF_IDENTIFY, *(f"context.{path}" for path in IN_CONTEXT))


def event_id(value_at: Callable[[str], str]) -> str:
    """SQL for the key's hash in hexadecimal digits. `value_at` gives the text at a path of the event."""
    kinds = {path: kind for kind, path in OF_TYPE.items()} | dict.fromkeys(OF_IDENTIFY, "identify")
    stated = {path: trimmed(value_at(path)) if path in NAMES else value_at(path) for path in PATHS}
    texts = (
        f"CASE WHEN {value_at('type')} = '{kinds[path]}' THEN {stated[path]} END" if path in kinds else stated[path]
        for path in PATHS
    )
    # As JSON, so that the end of each text is clear.
    return f"left(sha2(to_json(array({', '.join(f'''coalesce({text}, '')''' for text in texts)})), 256), 32)"
