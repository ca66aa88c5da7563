"""Identity rules as a deployment has them that says nothing about identity, and events as the table holds them."""

import json
from datetime import datetime, timedelta

from lake import ROOT

RULES = json.loads((ROOT / "test/fixtures/identity/default-rules.json").read_text())
EVENT = "event_id string, message_id string, type string, user_id string, anonymous_id string, previous_id string, group_id string, source_id string, timestamp timestamp, received_at timestamp, traits string, context string, properties string"
START = datetime(2026, 5, 1)


def row(message_id: str, call: dict, minute: int = 0, received: int | None = None) -> tuple:
    """An event as a row of the table `events`; it was received in its own minute unless `received` says which."""
    texts = [json.dumps(call[name]) if name in call else None for name in ("traits", "context", "properties")]
    ids = [call.get(name) or None for name in ("userId", "anonymousId", "previousId", "groupId")]
    times = [START + timedelta(minutes=n) for n in (minute, minute if received is None else received)]
    return message_id, message_id, call.get("type", "track"), *ids, call.get("sourceId", "shop"), *times, *texts
