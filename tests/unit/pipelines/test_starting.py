"""A deployed job as one task of another."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import TaskFailedError, job, task
from lakewright.databricks.jobs import job_definition
from lakewright.errors.authoring import NestedJobError, SettingError
from lakewright.io.commit import committed
from lakewright.io.paths import RunPaths
from lakewright.model.target import TargetValues
from lakewright.model.validation import validate_all

SEEN: Final[list[tuple[int, date]]] = []


@task
def load(month: int, day: date) -> int:
    SEEN.append((month, day))
    if month > 12:
        raise LookupError(month)
    return month


@task
def begin() -> int:
    return 3


@job(name="Daily load")
def daily(month: int = 1, day: date = date(2013, 1, 31)) -> int:
    """One month."""
    return load(month, day)


@job
def outer(month: int = 4) -> None:
    first = begin()
    second = daily.as_task.after(first).options(retries=2, timeout=600)(month)
    daily.as_task.named("again").after(second)(month=2, day=date(2020, 2, 29))


@job
def failing() -> None:
    begin.after(daily.as_task(13))()


@job
def itself() -> None:
    itself.as_task()


def test_it_is_a_run_job_task_with_the_texts_of_its_parameters() -> None:
    definition: Any = job_definition(outer.definition)
    _, first, again = definition["tasks"]
    assert first == {
        "task_key": "Daily_load",
        "description": "One month.",
        "depends_on": [{"task_key": "begin"}],
        "run_job_task": {
            "job_id": "${resources.jobs.Daily_load.id}",
            "job_parameters": {"month": "{{job.parameters.month}}"},
        },
        "max_retries": 2,
        "min_retry_interval_millis": 1000,
        "retry_on_timeout": True,
        "timeout_seconds": 600,
    }
    assert again["run_job_task"]["job_parameters"] == {"month": "2", "day": "2020-02-29"}
    assert validate_all([outer.definition, daily.definition]) == ()


def test_here_it_is_a_run_of_its_own_on_the_same_target(tmp_path: Path) -> None:
    SEEN.clear()

    @job
    def around(month: int = 4) -> None:
        daily.as_task.after(daily.as_task(month))(day=date(2020, 2, 29))

    result = around.execute(params={"month": 5}, target=TargetValues(root=str(tmp_path)))
    assert dict(result) == {"Daily_load": None, "Daily_load__2": None}
    assert [(5, date(2013, 1, 31)), (1, date(2020, 2, 29))] == SEEN
    (folder,) = (tmp_path / "runs").glob("Daily_load-*")
    assert sorted(committed(RunPaths(str(tmp_path), "Daily load", run.name), "load").task for run in folder.iterdir())


def test_its_process_finds_it_by_the_job(tmp_path: Path) -> None:
    result = outer.execute(target=TargetValues(root=str(tmp_path)))
    assert (result.status, dict(result)) == ("success", {"begin": 3, "Daily_load": None, "again": None})


def test_its_failure_is_that_of_the_task(tmp_path: Path) -> None:
    result = failing.execute(target=TargetValues(root=str(tmp_path)))
    assert result.status == "failed"
    with pytest.raises(TaskFailedError, match=r"task 'Daily_load' failed: .* task 'load' failed: LookupError: 13"):
        result.raise_for_status()


def test_outside_of_a_body_it_runs() -> None:
    SEEN.clear()
    daily.as_task(month=7)
    assert [(7, date(2013, 1, 31))] == SEEN


def test_a_job_cannot_start_itself() -> None:
    with pytest.raises(NestedJobError, match="job 'itself' starts itself, so it would never end") as refused:
        _ = itself.dag
    assert refused.value.location is not None
    assert refused.value.location.file.endswith("test_starting.py")


def test_bound_values_belong_into_the_call() -> None:
    with pytest.raises(SettingError, match="job 'Daily load' has bound values") as refused:
        _ = daily.bind(month=2).as_task
    assert "job.as_task(name=value)" in refused.value.hint


def test_the_digest_tells_a_job_that_is_started_from_one_that_is_a_part() -> None:
    @job
    def part() -> None:
        daily()

    assert part.dag.nodes == ("Daily_load-load",)
    assert '"starts":"Daily load"' in outer.dag.to_json()
