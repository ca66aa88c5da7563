"""Events for the bus of another account are put there if its policy lets the sender in; MiniStack knows no such bus."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core import iam_evaluator, responses
from ministack.core.arn import Arn, ArnParseError, parse_arn
from ministack.services import eventbridge

_BUS = "event-bus/"


def _bus(arn: str) -> Arn | None:
    try:
        spec = parse_arn(arn)
    except ArnParseError:
        return None
    return spec if spec.service == "events" and spec.resource.startswith(_BUS) else None


def _name(bus: Arn) -> str:
    return bus.resource.removeprefix(_BUS)


def policy_of(arn: str) -> tuple[Any, str] | None:
    """A bus's own policy, None if it has none, and the account whose bus it is."""
    bus = _bus(arn)
    if bus is None:
        return None
    policy = eventbridge._event_bus_policies.get_scoped(bus.account_id, bus.region, _name(bus))
    statements = [{**each, "Principal": _principal(each["Principal"])} for each in (policy or {}).get("Statement", [])]
    return policy and {**policy, "Statement": statements}, bus.account_id


def _principal(said: Any) -> Any:
    """PutPermission takes the number of an account, which MiniStack keeps as it is."""
    return {"AWS": f"arn:aws:iam::{said}:root"} if isinstance(said, str) and said.isdigit() else said


def _put_there(entry: dict[str, Any], bus: Arn) -> dict[str, Any]:
    """Puts an event on the bus, as one of the sender's account, for rules and targets of the bus's account."""
    event = {
        "EventId": responses.new_uuid(),
        "EventBusName": _name(bus),
        "Time": int(time.time()),
        "Account": responses.get_account_id(),
        "Region": responses.get_region(),
        **{name: entry.get(name, "") for name in ("Source", "DetailType", "Detail")},
        "Resources": entry.get("Resources", []),
    }
    if eventbridge._event_buses.get_scoped(bus.account_id, bus.region, _name(bus)) is None:
        return {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": "Event bus does not exist."}
    sender = responses._request_account_id.set(bus.account_id)
    try:
        eventbridge._dispatch_event(event)
    finally:
        responses._request_account_id.reset(sender)
    return {"EventId": event["EventId"]}


def put_events(known: Callable[..., Any], data: dict[str, Any], **more: Any) -> Any:
    """Puts events on buses of this account as MiniStack does, and the others where they belong; answers in order."""
    entries = data.get("Entries", [])
    buses = [_bus(entry.get("EventBusName", "")) for entry in entries]
    others = [bus if bus and bus.account_id != responses.get_account_id() else None for bus in buses]
    ours = [entry for entry, bus in zip(entries, others, strict=True) if bus is None]
    if len(ours) == len(entries) or len(entries) > 10:
        return known(data, **more)
    answers = iter(json.loads(known({**data, "Entries": ours}, **more)[2])["Entries"])
    results = [_put_there(entry, bus) if bus else next(answers) for entry, bus in zip(entries, others, strict=True)]
    failed = sum("ErrorCode" in result for result in results)
    return responses.json_response({"FailedEntryCount": failed, "Entries": results})


def apply() -> None:
    """Replaces PutEvents, and tells IAM of the policies of buses."""
    eventbridge.policy_of_bus = policy_of
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["events"] = ("eventbridge", "policy_of_bus")
    eventbridge._put_events = partial(put_events, eventbridge._put_events)
