"""Makes the events by which linked people become one in the stream, as in the lake."""

import hashlib
import json
from datetime import datetime

from cdp.stream.put_events import PLATFORM

EVENT = "Profiles Matched"


def match_event(pair: dict, now: datetime) -> str:
    """One line for the event stream: identifiers of two profiles belong to one person.

    A pair always has the same message id.
    """
    ids = sorted([pair["profile_id"], pair["other_profile_id"]])
    seen = instant(pair["last_seen"])
    properties = {
        "identifiers": [pair["identifier"], pair["other_identifier"]],
        "profileIds": ids,
        "score": pair["score"],
        "why": json.loads(pair["why"]),
    }
    event = {
        "type": "track",
        "event": EVENT,
        "messageId": f"match-{hashlib.sha256('|'.join(ids).encode()).hexdigest()[:40]}",
        "anonymousId": "platform",
        "timestamp": seen,
        "originalTimestamp": seen,
        "receivedAt": instant(now),
        "sourceId": PLATFORM,
        "properties": properties,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def instant(at: datetime) -> str:
    """ISO 8601 to the millisecond; a time without a zone is UTC."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
