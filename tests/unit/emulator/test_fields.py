"""Every field that the pinned version of the platform's model has is executed, left out for a reason, or refused."""

from dataclasses import fields
from typing import Final

import pytest
from databricks.bundles.jobs import ForEachTask, Job, PythonWheelTask, RunJobTask, Task

from lakewright.emulator.fields import JOB, TASK
from lakewright.emulator.parsing import parse
from lakewright.emulator.problems import DefinitionError

RUN_JOB: Final = {"name", "parameters", "tasks", "timeout_seconds"}
RUN_TASK: Final = {
    "condition_task",
    "depends_on",
    "for_each_task",
    "max_retries",
    "min_retry_interval_millis",
    "python_wheel_task",
    "retry_on_timeout",
    "run_if",
    "run_job_task",
    "task_key",
    "timeout_seconds",
}
# They would change what a task does, or are another kind of task.
REFUSED_JOB: Final = {"environment_variables", "git_source"}
REFUSED_TASK: Final = {"disabled", "environment_variables_key"}

WHEEL: Final = {"package_name": "lakewright", "entry_point": "lakewright-run", "parameters": ["v1"]}


def names(model: type) -> set[str]:
    return {field.name for field in fields(model)}


def test_each_field_of_a_job_has_its_place() -> None:
    assert names(Job) == RUN_JOB | JOB.keys() | REFUSED_JOB


def test_each_field_of_a_task_has_its_place() -> None:
    other_kinds = {name for name in names(Task) - RUN_TASK if name.endswith("_task")}
    assert names(Task) == RUN_TASK | TASK.keys() | REFUSED_TASK | other_kinds


def test_the_fields_of_what_is_executed_are_known() -> None:
    assert names(PythonWheelTask) == {"package_name", "entry_point", "parameters", "named_parameters"}
    assert names(ForEachTask) == {"inputs", "task", "concurrency"}


@pytest.mark.parametrize("name", sorted(names(RunJobTask) - {"job_id", "job_parameters"}))
def test_a_field_of_a_task_that_starts_a_job_is_refused_by_its_path(name: str) -> None:
    definition = {"name": "j", "tasks": [{"task_key": "a", "run_job_task": {"job_id": "other", name: "x"}}]}
    with pytest.raises(DefinitionError) as caught:
        parse(definition)
    assert [problem.path for problem in caught.value.problems] == [f"tasks[0].run_job_task.{name}"]


@pytest.mark.parametrize("name", sorted((names(Task) - RUN_TASK) | {"invented"}))
def test_a_field_of_a_task_is_left_out_or_refused_by_its_path(name: str) -> None:
    definition = {"name": "j", "tasks": [{"task_key": "a", "python_wheel_task": WHEEL, name: "x"}]}
    if name in TASK:
        noted = [path for note in parse(definition).notes for path in note.paths]
        assert noted == ([f"tasks[].{name}"] if TASK[name] else [])
        return
    with pytest.raises(DefinitionError) as caught:
        parse(definition)
    assert [problem.path for problem in caught.value.problems] == [f"tasks[0].{name}"]


@pytest.mark.parametrize("name", sorted((names(Job) - RUN_JOB) | {"invented"}))
def test_a_field_of_a_job_is_left_out_or_refused_by_its_path(name: str) -> None:
    definition = {"name": "j", "tasks": [{"task_key": "a", "python_wheel_task": WHEEL}], name: "x"}
    if name in JOB:
        noted = [path for note in parse(definition).notes for path in note.paths]
        assert noted == ([name] if JOB[name] else [])
        return
    with pytest.raises(DefinitionError) as caught:
        parse(definition)
    assert [problem.path for problem in caught.value.problems] == [name]
