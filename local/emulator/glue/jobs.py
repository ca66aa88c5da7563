"""Glue runs Spark jobs. MiniStack marks them as succeeded and does not run them."""

import contextvars
import json
import threading
from typing import Any

from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import glue
from ministack.services.cloudformation import provisioners

from emulator.glue import job_runs

_create_job, _update_job, _start_job_run, _stop_job_runs = (
    glue._create_job,
    glue._update_job,
    glue._start_job_run,
    glue._batch_stop_job_run,
)
_RUNNING = ("STARTING", "RUNNING", "STOPPING", "WAITING")

_lock = threading.Lock()


def create_job(data: dict[str, Any]) -> tuple:
    """Keeps how many runs a job may have at once; MiniStack forgets it."""
    answer = _create_job(data)
    _keep_concurrency(data.get("Name"), data)
    return answer


def update_job(data: dict[str, Any]) -> tuple:
    """As for `create_job`."""
    answer = _update_job(data)
    _keep_concurrency(data.get("JobName"), data.get("JobUpdate", {}))
    return answer


def _keep_concurrency(name: str | None, data: dict[str, Any]) -> None:
    if name in glue._jobs and "ExecutionProperty" in data:
        glue._jobs[name]["ExecutionProperty"] = data["ExecutionProperty"]


def start_job_run(data: dict[str, Any]) -> tuple:
    """Starts a run, unless too many are running; MiniStack handles Python shell jobs."""
    name = data.get("JobName")
    job = glue._jobs.get(name)
    if job is None or not glue._is_spark_job(job):
        return _start_job_run(data)
    bound = int((job.get("ExecutionProperty") or {}).get("MaxConcurrentRuns", 1))
    with _lock:
        if sum(run["JobRunState"] in _RUNNING for run in glue._job_runs.get(name, [])) >= bound:
            return error_response_json("ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}", 400)
        run = job_runs.new_run(job, f"jr_{new_uuid().replace('-', '')}", data)
    threading.Thread(
        target=contextvars.copy_context().run,
        args=(job_runs.run_with_retries, job, run, data),
        daemon=True,
        name="glue-job",
    ).start()
    return json_response({"JobRunId": run["Id"]})


def stop_job_runs(data: dict[str, Any]) -> tuple:
    """Also ends the processes of the runs."""
    answer = _stop_job_runs(data)
    for stopped in json.loads(answer[2]).get("SuccessfulSubmissions", []):
        job_runs.stop(stopped["JobRunId"])
    return answer


def apply() -> None:
    """Replaces how jobs are kept, started and stopped."""
    glue._create_job, glue._update_job = create_job, update_job
    glue._start_job_run, glue._batch_stop_job_run = start_job_run, stop_job_runs
    provisioners._GLUE_JOB_DEFAULTS.setdefault("ExecutionProperty", {"MaxConcurrentRuns": 1})
