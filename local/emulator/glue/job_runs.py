"""Runs of Spark jobs: state, logs, retries, and the event that announces the end."""

import json
import logging
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from ministack.services import eventbridge, glue

from emulator.glue import logs
from emulator.glue.python_packages import Unusable
from emulator.glue.spark_process import SparkProcess

logger = logging.getLogger("emulator.glue")

_processes: dict[str, SparkProcess] = {}


def new_run(job: dict[str, Any], run_id: str, data: dict[str, Any], attempt: int = 0) -> dict[str, Any]:
    """Adds a run to the job's list; its state is STARTING."""
    now = int(time.time())
    workers = data.get("NumberOfWorkers", job.get("NumberOfWorkers", 2))
    run = {
        "Id": run_id,
        "Attempt": attempt,
        "JobName": job["Name"],
        "StartedOn": now,
        "LastModifiedOn": now,
        "JobRunState": "STARTING",
        "Arguments": data.get("Arguments", {}),
        "ErrorMessage": "",
        "PredecessorRuns": [],
        "AllocatedCapacity": workers,
        "MaxCapacity": float(workers),
        "ExecutionTime": 0,
        "Timeout": int(data.get("Timeout") or job.get("Timeout") or 2880),
        "WorkerType": data.get("WorkerType", job.get("WorkerType", "G.1X")),
        "NumberOfWorkers": workers,
        "SecurityConfiguration": job.get("SecurityConfiguration", ""),
        "GlueVersion": job.get("GlueVersion", ""),
        "LogGroupName": logs.prefix({**job.get("DefaultArguments", {}), **data.get("Arguments", {})}),
    }
    glue._job_runs.setdefault(job["Name"], []).append(run)
    return run


def run_with_retries(job: dict[str, Any], run: dict[str, Any], data: dict[str, Any]) -> None:
    """Starts a new run after each that fails, as often as the job's retries allow."""
    first = run["Id"]
    for attempt in range(int(job.get("MaxRetries") or 0) + 1):
        if attempt > 0:
            run = new_run(job, f"{first}_attempt_{attempt}", data, attempt)
        _run(job, run)
        if run["JobRunState"] not in ("FAILED", "TIMEOUT"):
            return


def _run(job: dict[str, Any], run: dict[str, Any]) -> None:
    arguments = {
        **job.get("DefaultArguments", {}),
        "--JOB_NAME": job["Name"],
        "--JOB_RUN_ID": run["Id"],
        **run["Arguments"],
        **(job.get("NonOverridableArguments") or {}),
    }
    with tempfile.TemporaryDirectory(prefix="glue-", ignore_cleanup_errors=True) as directory:
        process = _processes[run["Id"]] = SparkProcess(job, arguments, Path(directory))
        run["JobRunState"] = "RUNNING"
        try:
            code, printed = process.run(run["Timeout"] * 60)
            output = "".join(printed.values())
            logs.write(job, run["Id"], arguments, printed)
            state, message = (
                ("SUCCEEDED", "")
                if code == 0
                else ("FAILED", _error_in(output) or f"the script ended with code {code}")
            )
            logger.info(
                "%s %s: %s in %d s\n%s", job["Name"], run["Id"], state, time.time() - run["StartedOn"], output.rstrip()
            )
        except subprocess.TimeoutExpired:
            state, message = "TIMEOUT", f"the run took longer than {run['Timeout']} minutes"
        except Unusable as error:
            state, message = "FAILED", str(error)
        except Exception as error:
            logger.exception("%s %s", job["Name"], run["Id"])
            state, message = "FAILED", f"the local emulator could not run it: {error}"
        finally:
            _processes.pop(run["Id"], None)
    _end(run, state, message)


def _error_in(output: str) -> str:
    """The exception that ended a script, and its last cause, without stack frames; the log has everything."""
    _, traceback, frames = output.rpartition("Traceback (most recent call last):\n")
    told = [line for line in frames.splitlines() if traceback and line and not line[0].isspace()]
    causes = [line for line in told[1:] if line.startswith((": ", "Caused by: "))]
    return " ".join([*told[:1], *causes[-1:]])[:2000]


def _end(run: dict[str, Any], state: str, message: str) -> None:
    now = int(time.time())
    stopped = run["JobRunState"] in ("STOPPING", "STOPPED")
    run.update(
        ErrorMessage="" if stopped else message,
        CompletedOn=now,
        LastModifiedOn=now,
        ExecutionTime=now - run["StartedOn"],
    )
    # Last, because whoever waits for the state then reads the rest.
    run["JobRunState"] = "STOPPED" if stopped else state
    _announce(run)


def _announce(run: dict[str, Any]) -> None:
    """Glue sends an event to EventBridge when a run ends."""
    state = run["JobRunState"]
    severity = "INFO" if state == "SUCCEEDED" else "ERROR"
    detail = {
        "jobName": run["JobName"],
        "severity": severity,
        "state": state,
        "jobRunId": run["Id"],
        "message": run["ErrorMessage"] or f"Job run {state}",
    }
    eventbridge._put_events(
        {"Entries": [{"Source": "aws.glue", "DetailType": "Glue Job State Change", "Detail": json.dumps(detail)}]},
        allow_aws_source=True,
    )


def stop(run_id: str) -> None:
    """Ends the process of a run, if it has one."""
    process = _processes.get(run_id)
    if process is not None:
        process.stop()
