"""What tells one message from another: its source, its id and whom it names as it was sent, as `lambdas/core/profile/message-key.ts` has it."""

from collections.abc import Callable

from cdp.values.text_in_sql import trimmed

OF_ALL = ("sourceId", "messageId", "userId", "anonymousId")
NAMES = ("userId", "anonymousId", "groupId", "previousId")
"""Without the space around them, as the stream takes them."""
OF_TYPE = {"group": "groupId", "alias": "previousId"}
OF_IDENTIFY = ("traits.email", "traits.phone")
IN_CONTEXT = ("traits.email", "traits.phone", "device.id", "device.type", "device.advertisingId", "device.adTrackingEnabled", "externalIds")
PATHS = (*OF_ALL, *OF_TYPE.values(), *OF_IDENTIFY, *(f"context.{path}" for path in IN_CONTEXT))


def event_id(value_at: Callable[[str], str]) -> str:
    """The key's hash in hexadecimal digits, as SQL. `value_at` gives the text at a path of the event."""
    kinds = {**{path: kind for kind, path in OF_TYPE.items()}, **dict.fromkeys(OF_IDENTIFY, "identify")}
    said = {path: trimmed(value_at(path)) if path in NAMES else value_at(path) for path in PATHS}
    texts = (f"CASE WHEN {value_at('type')} = '{kinds[path]}' THEN {said[path]} END" if path in kinds else said[path] for path in PATHS)
    # As JSON, so that it is clear where one text ends.
    return f"left(sha2(to_json(array({', '.join(f'''coalesce({text}, '')''' for text in texts)})), 256), 32)"
