"""One task of a job definition."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from lakewright.databricks.compute import names_compute, task_compute
from lakewright.databricks.expressions import references
from lakewright.model.compute import Serverless
from lakewright.model.invocation import invocation_of
from lakewright.model.states import RUN_IF, Rule
from lakewright.model.task import DEFAULT_RULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.compute import Compute
    from lakewright.model.job import JobDefinition
    from lakewright.model.task import Task

Json: TypeAlias = "dict[str, object]"

PACKAGE: Final = "lakewright"
ENTRY_POINT: Final = "lakewright-run"
_MILLISECONDS: Final = 1000


def compute_of(job: JobDefinition, task: Task) -> Compute | None:
    """Where a task runs: what it says itself, else its job; None when its Databricks fields say so."""
    if task.settings.compute is None and names_compute(task):
        return None
    return task.settings.compute or job.settings.compute or Serverless()


def task_definition(job: JobDefinition, task: Task) -> Json:
    """A task as the platform takes it; it starts `lakewright-run` with the task's invocation."""
    settings = task.settings
    compute = compute_of(job, task)
    definition: Json = {
        "task_key": task.key,
        "depends_on": [{"task_key": key} for key in job.dag.upstream(task.key)],
        "python_wheel_task": {
            "package_name": PACKAGE,
            "entry_point": ENTRY_POINT,
            "parameters": invocation_of(job.dag, task).to_argv(_values(job)),
        },
        **(task_compute(compute, job.settings.libraries) if compute else {}),
        **_retries(task),
    }
    if not definition["depends_on"]:
        del definition["depends_on"]
    if settings.run_if != DEFAULT_RULE:
        definition["run_if"] = RUN_IF[Rule(settings.run_if)]
    if settings.timeout is not None:
        definition["timeout_seconds"] = max(1, round(settings.timeout))
    if task.description:
        definition["description"] = task.description
    return {**definition, **json.loads(settings.databricks)}


def _values(job: JobDefinition) -> dict[str, str]:
    return references(parameter.name for parameter in job.dag.parameters)


def _retries(task: Task) -> Json:
    retry = task.settings.retry
    if not retry.retries:
        return {}
    again: Json = {"max_retries": retry.retries, "min_retry_interval_millis": round(retry.delay * _MILLISECONDS)}
    # A retry is a retry, whatever ended the attempt before it.
    return again if task.settings.timeout is None else {**again, "retry_on_timeout": True}
