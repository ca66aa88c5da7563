"""Alarms evaluate their metric by dimensions, period by period, all the time, and publish if the topic's policy allows.

MiniStack evaluates all metrics of a name together, only when somebody puts metrics, without metric math; it ignores
missing data and the topic's policy.
"""

import logging
import threading
import time
from typing import Any

from ministack.core import responses
from ministack.core.responses import get_account_id
from ministack.services import cloudwatch, sns
from ministack.services.cloudformation import provisioners

from emulator.cloudwatch import metric_math
from emulator.server import periodic_task

logger = logging.getLogger("emulator.alarms")

_PAUSE = 0.5
_COMPARISONS = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_record = provisioners._cw_metric_alarm_record
_dispatch = cloudwatch._dispatch_alarm_actions
_lock = threading.Lock()


def record(name: str, props: dict[str, Any]) -> dict[str, Any]:
    """Also accepts metric math in templates: the alarm then evaluates an expression over metrics."""
    metrics = props.get("Metrics")
    if not metrics:
        return _record(name, props)
    stats = {entry["Id"]: entry["MetricStat"] for entry in metrics if "MetricStat" in entry}
    [expression] = [entry["Expression"] for entry in metrics if "Expression" in entry]
    metric_math.parse(expression)
    [period] = {int(stat["Period"]) for stat in stats.values()}
    alarm = _record(
        name,
        {
            **{key: value for key, value in props.items() if key != "Metrics"},
            "MetricName": "of metrics",
            "Namespace": "of metrics",
            "Period": period,
        },
    )
    return {
        **alarm,
        "MetricName": None,
        "Namespace": None,
        "Expression": expression,
        "Stats": stats,
        "Metrics": metrics,
    }


def evaluate(alarm: dict[str, Any]) -> None:
    """Evaluates an alarm once, and changes its state if needed."""
    with _lock:
        old, new, reason = alarm["StateValue"], *_state(alarm, time.time())
        if new is None or new == old:
            return
        alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
    logger.info("%s: %s, %s", alarm["AlarmName"], new, reason)
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    dispatch(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _state(alarm: dict[str, Any], now: float) -> tuple[str | None, str]:
    count = int(alarm.get("EvaluationPeriods", 1))
    needed = int(alarm.get("DatapointsToAlarm") or count)
    values = [_value(alarm, now, ago) for ago in range(count)]
    missing = alarm.get("TreatMissingData", "missing")
    if missing in ("missing", "ignore") and set(values) == {None}:
        return ("INSUFFICIENT_DATA" if missing == "missing" else None), "nothing was counted"
    compare, threshold = _COMPARISONS[alarm["ComparisonOperator"]], alarm["Threshold"]
    breaching = sum(missing == "breaching" if value is None else compare(value, threshold) for value in values)
    told = ["nothing" if value is None else f"{value:g}" for value in values]
    return (
        "ALARM" if breaching >= needed else "OK"
    ), f"{breaching} of {count} periods crossed {threshold:g}, the newest first: {', '.join(told)}"


def _value(alarm: dict[str, Any], now: float, ago: int) -> float | None:
    """The value in the period that ended `ago` periods ago."""
    if "Expression" in alarm:
        stats = {
            name: _stat(stat["Metric"], stat["Stat"], int(stat["Period"]), now, ago)
            for name, stat in alarm["Stats"].items()
        }
        return metric_math.evaluate(metric_math.parse(alarm["Expression"]), stats)
    return _stat(
        alarm, alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average"), int(alarm["Period"]), now, ago
    )


def _stat(metric: dict[str, Any], statistic: str, period: int, now: float, ago: int) -> float | None:
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric.get("Dimensions") or []}
    points = (
        cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))) or []
    )
    begin, end = now - (ago + 1) * period, now - ago * period
    within = [point for point in list(points) if begin < point["Timestamp"] <= end]
    return cloudwatch._stat_value(cloudwatch._calc_stats(within), statistic, within) if within else None


def dispatch(alarm: dict[str, Any], old: str, new: str, reason: str) -> None:
    """Publishes to the topics whose policies allow it for this alarm."""
    field = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}[new]
    allowed = []
    for action in alarm.get(field) or []:
        if not cloudwatch._is_sns_action_arn(action) or sns.topic_policy_allows(
            action, "cloudwatch.amazonaws.com", alarm["AlarmArn"], get_account_id()
        ):
            allowed.append(action)
        else:
            logger.error("%s does not let CloudWatch publish for %s", action, alarm["AlarmName"])
    _dispatch({**alarm, field: allowed}, old, new, reason)


def look_at_all() -> None:
    """Evaluates every alarm; one that fails does not stop the others."""
    for (account, region, _name), alarm in list(cloudwatch._alarms._data.items()):
        responses._request_account_id.set(account)
        responses._request_region.set(region)
        try:
            evaluate(alarm)
        except Exception:
            logger.exception("%s cannot be looked at", alarm["AlarmName"])


def apply() -> None:
    """Replaces how alarms are evaluated and publish, and evaluates them twice a second."""
    provisioners._cw_metric_alarm_record = record
    cloudwatch._evaluate_alarm = evaluate
    cloudwatch._dispatch_alarm_actions = dispatch
    periodic_task.start(look_at_all, _PAUSE, "alarms")
