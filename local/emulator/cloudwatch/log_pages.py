"""Pages of log events: MiniStack gives the first ones, and no token for the others."""

import json
from typing import Any

from ministack.services import cloudwatch_logs

MOST = 10_000
"""Events of a page, unless less are asked for."""

_first_page = cloudwatch_logs._filter_log_events

Answer = tuple[int, dict[str, str], bytes]


def filter_log_events(data: dict[str, Any]) -> Answer:
    """A page of events, and a token if there are more.

    The token has the time of the last event, and how many of that time were given. More than 10,000 events of one
    millisecond cannot be paged through.
    """
    since, given = _read(data.get("nextToken"))
    asked = {name: value for name, value in data.items() if name not in ("limit", "nextToken")}
    status, headers, body = _first_page(asked if since is None else {**asked, "startTime": since})
    if status != 200:
        return status, headers, body
    answer = json.loads(body)
    found = answer["events"][given:]
    events = found[: min(data.get("limit", MOST), MOST)]
    more = len(found) > len(events) or len(answer["events"]) == MOST
    token = {"nextToken": _token(events, since, given)} if events and more else {}
    return cloudwatch_logs.json_response({**answer, "events": events, **token})


def _token(events: list[dict[str, Any]], since: int | None, given: int) -> str:
    last = events[-1]["timestamp"]
    of_last = sum(event["timestamp"] == last for event in events)
    return f"{last}/{of_last + (given if last == since else 0)}"


def _read(token: str | None) -> tuple[int | None, int]:
    if token is None:
        return None, 0
    since, given = token.split("/")
    return int(since), int(given)


def apply() -> None:
    cloudwatch_logs._filter_log_events = filter_log_events
