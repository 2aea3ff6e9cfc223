"""One task of a definition, by itself."""
# On Python 3.10 nothing of it is reached.
# mypy: disable-error-code="unreachable"

import sys
from typing import Any, Final

import pytest

from lakewright import Cron, Retry, job, serverless, task
from lakewright.databricks.tasks import compute_of, task_definition
from lakewright.model.compute import Serverless
from tests.branches import NO_BRANCHES

if sys.version_info < (3, 11):
    pytest.skip(NO_BRANCHES, allow_module_level=True)


@task
def load() -> list[int]:
    """Numbers."""
    return [1, 2]


@task
def loads(day: str, most: int) -> None: ...


@task
def late() -> bool:
    return True


@task
def clean(number: int) -> int:
    return number


@job
def other(day: str = "2013-01-31", most: int = 3) -> None:
    loads(day, most)


@job(schedule=Cron("0 6 * * *"), compute=serverless("2"))
def daily(day: str = "2013-01-01") -> list[int]:
    found = [
        clean.options(retries=Retry(2, delay=1.5), timeout=90, concurrency=3, run_if="all_done")(n) for n in load()
    ]
    if late():
        other.as_task(day=day, most=5)
    return found


DEFINITION: Final = daily.definition
TASKS: Final[dict[str, Any]] = {each.key: task_definition(DEFINITION, each) for each in DEFINITION.dag.tasks}


def test_a_task_starts_the_worker_of_the_framework_by_positions() -> None:
    started = TASKS["load"]["python_wheel_task"]
    assert (started["package_name"], started["entry_point"]) == ("lakewright", "lakewright-run")
    version, document, count, *values = started["parameters"]
    assert (version, int(count)) == ("v1", len(values))
    assert '"task":"load"' in document
    assert "named_parameters" not in started


def test_a_task_has_the_description_of_its_function() -> None:
    assert TASKS["load"]["description"] == "Numbers."
    assert "description" not in TASKS["late"]


def test_of_a_repeated_task_the_place_is_said_outside_and_the_work_inside() -> None:
    outer = TASKS["clean"]
    inner = outer["for_each_task"]["task"]
    assert outer["for_each_task"]["inputs"] == "{{tasks.load.values.lw_items}}"
    assert outer["for_each_task"]["concurrency"] == 3
    assert (outer["run_if"], outer["depends_on"]) == ("ALL_DONE", [{"task_key": "load"}])
    assert inner["task_key"] == "clean_each"
    assert (inner["max_retries"], inner["min_retry_interval_millis"]) == (2, 1500)
    assert (inner["timeout_seconds"], inner["retry_on_timeout"]) == (90, True)
    assert not {"max_retries", "timeout_seconds", "environment_key"} & outer.keys()
    assert not {"run_if", "depends_on"} & inner.keys()


def test_a_condition_compares_a_task_value_and_starts_nothing() -> None:
    (condition,) = [each for each in TASKS.values() if "condition_task" in each]
    assert condition["condition_task"] == {
        "op": "EQUAL_TO",
        "left": "{{tasks.late.values.lw_truth}}",
        "right": "true",
    }
    assert not {"environment_key", "python_wheel_task", "max_retries"} & condition.keys()


def test_a_task_that_starts_a_job_hands_constants_and_parameters_on_as_text() -> None:
    assert TASKS["other"]["run_job_task"] == {
        "job_id": "${resources.jobs.other.id}",
        "job_parameters": {"day": "{{job.parameters.day}}", "most": "5"},
    }
    assert TASKS["other"]["depends_on"][0]["outcome"] == "true"
    assert "environment_key" not in TASKS["other"]


def test_a_task_runs_where_it_says_itself_else_where_its_job_says() -> None:
    tasks = {each.key: each for each in DEFINITION.dag.tasks}
    assert compute_of(DEFINITION, tasks["load"]) == Serverless("2")
    assert compute_of(DEFINITION, tasks["other"]) is None
    assert TASKS["load"]["environment_key"] == "serverless_2"
