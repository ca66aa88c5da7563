"""EventBridge delivers if the queue's or topic's policy, or the target's role, allows it, and counts what it does.

A schedule starts a function as the role of its target.

Events that a queue's policy does not allow go to the target's dead-letter queue.
"""

import json
import logging
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id
from ministack.services import eventbridge, sns, sqs

from emulator.cloudwatch.metrics import count
from emulator.iam import assumed_role

logger = logging.getLogger("emulator.events")

_SERVICE = "events.amazonaws.com"
_invoke = eventbridge._invoke_target


def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
    """MiniStack delivers to any queue and topic, and loses the event when there is none."""
    _tell(target, rule)
    arn = target.get("Arn", "")
    if ":sns:" in arn and not _may_publish(target, rule):
        logger.error("%s does not take events of %s", arn, rule["Arn"])
        return
    if ":lambda:" in arn and "GroupName" in rule and not _may_start(target):
        logger.error("%s may not be started by %s", arn, rule["Arn"])
        count("AWS/Scheduler", "TargetErrorCount", 1, ScheduleGroup=rule["GroupName"])
        return
    if ":sqs:" not in arn or _may_send(arn, rule):
        _invoke(target, event, rule, view)
        return
    dead_letters = (target.get("DeadLetterConfig") or {}).get("Arn", "")
    logger.error("%s does not take events of %s", arn, rule["Arn"])
    if dead_letters and _may_send(dead_letters, rule):
        payload = json.dumps((view or eventbridge._pattern_event_view(event)).event_with_detail())
        eventbridge._dispatch_to_sqs(parse_arn(dead_letters), payload)
        sqs._queue_by_arn(dead_letters)["messages"][-1]["message_attributes"] = _why(arn, rule)


def _why(arn: str, rule: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a dead letter, as AWS documents them; the body is the event."""
    said = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": arn,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "the queue's policy does not let the rule in",
    }
    return {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}


def _tell(target: dict[str, Any], rule: dict[str, Any]) -> None:
    """Counts a rule once for an event, and each target; also by the bus, unless it is the default one."""
    bus = rule.get("EventBusName", "default")
    by = {"RuleName": rule["Name"], **({} if bus == "default" else {"EventBusName": bus})}
    targets = next((known for key, known in eventbridge._targets.items() if eventbridge._rules.get(key) is rule), [])
    if targets and targets[0]["Id"] == target["Id"]:
        count("AWS/Events", "TriggeredRules", 1, **by)
    count("AWS/Events", "Invocations", 1, **by)


def _may_publish(target: dict[str, Any], rule: dict[str, Any]) -> bool:
    """Asks the target's role if it has one, otherwise the topic's policy."""
    if "RoleArn" in target:
        return assumed_role.allows(target["RoleArn"], "sns:Publish", target["Arn"])
    return sns.topic_policy_allows(target["Arn"], _SERVICE, rule["Arn"], get_account_id())


def _may_start(target: dict[str, Any]) -> bool:
    """Asks the role of a schedule's target."""
    return assumed_role.allows(target["RoleArn"], "lambda:InvokeFunction", target["Arn"])


def _may_send(queue_arn: str, rule: dict[str, Any]) -> bool:
    return sqs.queue_policy_allows(queue_arn, _SERVICE, rule["Arn"], get_account_id())


def apply() -> None:
    """Replaces the invocation of a rule's targets."""
    eventbridge._invoke_target = invoke_target
