"""One task of a job definition."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from lakewright.databricks.compute import names_compute, task_compute
from lakewright.databricks.expressions import job_id, job_parameter, parameter_text, references, task_value
from lakewright.model.binding import Constant, Output, ParameterValue
from lakewright.model.comparison import text_of
from lakewright.model.compute import Serverless
from lakewright.model.invocation import invocation_of
from lakewright.model.loop import inner_key
from lakewright.model.published import what_of
from lakewright.model.states import RUN_IF, Rule
from lakewright.model.task import DEFAULT_RULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.binding import Binding
    from lakewright.model.compute import Compute
    from lakewright.model.job import JobDefinition
    from lakewright.model.loop import Loop
    from lakewright.model.task import Task

Json: TypeAlias = "dict[str, object]"

PACKAGE: Final = "lakewright"
ENTRY_POINT: Final = "lakewright-run"
# Of a repeated task, what is said of it as a whole; everything else is said of what it repeats.
OF_FOR_EACH: Final = frozenset(
    {"description", "run_if", "email_notifications", "webhook_notifications", "notification_settings", "health"}
)
_MILLISECONDS: Final = 1000


def compute_of(job: JobDefinition, task: Task) -> Compute | None:
    """Where a task runs: what it says itself, else its job; None when its fields say so, or nothing of ours runs."""
    settings = task.settings
    if task.operator or settings.starts or (settings.compute is None and names_compute(task)):
        return None
    return task.settings.compute or job.settings.compute or Serverless()


def task_definition(job: JobDefinition, task: Task) -> Json:
    """A task as the platform takes it; it starts `lakewright-run` with the task's invocation.

    Of a repeated task, retries, timeout and compute belong to the inner task, its place in the DAG to the outer.
    """
    return {
        "task_key": task.key,
        **_place(job, task),
        **_work(job, task),
        **({"description": task.description} if task.description else {}),
        **_fields(task, of_process=False),
    }


def _work(job: JobDefinition, task: Task) -> Json:
    if task.operator:
        left, right = (_operand(job, task, argument.binding) for argument in task.arguments)
        return {"condition_task": {"op": task.operator, "left": left, "right": right}}
    return _process(job, task) if task.loop is None else _for_each(job, task, task.loop)


def _operand(job: JobDefinition, task: Task, binding: Binding) -> str:
    """What a condition compares, as text or as the platform's reference to it."""
    if isinstance(binding, ParameterValue):
        return job_parameter(binding.name)
    if isinstance(binding, Output):
        return task_value(binding.task, job.dag.value_name(binding, what_of(task.operator)))
    assert isinstance(binding, Constant)  # noqa: S101  conditions compare nothing else
    return text_of(binding.value(str))


def _place(job: JobDefinition, task: Task) -> Json:
    """When a task runs."""
    found: Json = {}
    needs = job.dag.needs(task.key)
    if needs:
        found["depends_on"] = [
            {"task_key": need.key, **({"outcome": need.outcome} if need.outcome else {})} for need in needs
        ]
    if task.settings.run_if != DEFAULT_RULE:
        found["run_if"] = RUN_IF[Rule(task.settings.run_if)]
    return found


def _for_each(job: JobDefinition, task: Task, loop: Loop) -> Json:
    inputs = task_value(loop.over.task, job.dag.value_name(loop.over, "items"))
    inner = {"task_key": inner_key(task.key), **_process(job, task)}
    return {"for_each_task": {"inputs": inputs, "concurrency": loop.concurrency, "task": inner}}


def _process(job: JobDefinition, task: Task) -> Json:
    """What a task starts, where, and how often."""
    compute = compute_of(job, task)
    timeout = task.settings.timeout
    return {
        **(_started(task) if task.settings.starts else _invoked(job, task)),
        **(task_compute(compute, job.settings) if compute else {}),
        **_retries(task),
        **({"timeout_seconds": max(1, round(timeout))} if timeout is not None else {}),
        **_fields(task, of_process=True),
    }


def _invoked(job: JobDefinition, task: Task) -> Json:
    parameters = invocation_of(job.dag, task).to_argv(_values(job))
    return {"python_wheel_task": {"package_name": PACKAGE, "entry_point": ENTRY_POINT, "parameters": parameters}}


def _started(task: Task) -> Json:
    """The other job that a task starts, of the same bundle."""
    bindings = {argument.name: argument.binding for argument in task.arguments}
    given = {
        name: parameter_text(binding)
        for name, binding in bindings.items()
        if isinstance(binding, (Constant, ParameterValue))
    }
    started: Json = {"job_id": job_id(task.settings.starts)}
    return {"run_job_task": {**started, "job_parameters": given} if given else started}


def _fields(task: Task, *, of_process: bool) -> Json:
    """What the user set by Databricks' own names; of a repeated task some of it belongs to the inner task."""
    fields: Json = json.loads(task.settings.databricks)
    if task.loop is None:
        return {} if of_process else fields
    return {name: value for name, value in fields.items() if (name not in OF_FOR_EACH) is of_process}


def _values(job: JobDefinition) -> dict[str, str]:
    return references(parameter.name for parameter in job.dag.parameters)


def _retries(task: Task) -> Json:
    retry = task.settings.retry
    if not retry.retries:
        return {}
    again: Json = {"max_retries": retry.retries, "min_retry_interval_millis": round(retry.delay * _MILLISECONDS)}
    # A retry is a retry, whatever ended the attempt before it.
    return again if task.settings.timeout is None else {**again, "retry_on_timeout": True}
