"""Writes a run's logs to the groups that Glue uses, by prefix, security configuration and role, if the role may."""

import logging
import time
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, glue

from emulator.iam import assumed_role

logger = logging.getLogger("emulator.glue")

_NEEDED = ("CreateLogStream", "PutLogEvents")


def prefix(arguments: dict[str, str]) -> str:
    return arguments.get("--custom-logGroup-prefix") or "/aws-glue/jobs"


def write(job: dict[str, Any], run_id: str, arguments: dict[str, str], printed: dict[str, str]) -> None:
    """Writes what was printed: the group `output` has the script's output, `error` Spark's."""
    for kind, text in printed.items():
        lines = text.splitlines()
        if lines:
            _write(job, f"{_base(job, arguments)}/{kind}", run_id, lines)


def _base(job: dict[str, Any], arguments: dict[str, str]) -> str:
    if not _is_encrypted(job):
        return prefix(arguments)
    return f"{prefix(arguments)}/{job['SecurityConfiguration']}-role/{job['Role'].rsplit('/', 1)[-1]}"


def _is_encrypted(job: dict[str, Any]) -> bool:
    configuration = (
        glue._security_configs.get(job.get("SecurityConfiguration") or "", {}).get("EncryptionConfiguration") or {}
    )
    return (configuration.get("CloudWatchEncryption") or {}).get("CloudWatchEncryptionMode") == "SSE-KMS"


def _write(job: dict[str, Any], group: str, stream: str, lines: list[str]) -> None:
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}"
    needed = [
        *_NEEDED,
        *(["AssociateKmsKey"] if _is_encrypted(job) else []),
        *([] if group in cloudwatch_logs._log_groups else ["CreateLogGroup"]),
    ]
    lacking = [
        action
        for action in needed
        if not assumed_role.allows(job["Role"], f"logs:{action}", f"{arn}:log-stream:{stream}")
    ]
    if lacking:
        logger.warning("%s: no logs in %s, for its role lacks %s", job["Name"], group, ", ".join(lacking))
        return
    at = {"logGroupName": group, "logStreamName": stream}
    now = int(time.time() * 1000)
    cloudwatch_logs._create_log_group({"logGroupName": group})
    cloudwatch_logs._create_log_stream(at)
    cloudwatch_logs._put_log_events(at | {"logEvents": [{"timestamp": now, "message": line} for line in lines]})
