"""Where definitions come from, and what they stand for on this machine."""

from pathlib import Path

import pytest

from lakewright.emulator.definition import Process
from lakewright.emulator.plan import IsolatedPlan
from lakewright.emulator.run import run
from lakewright.errors.authoring import ParameterError
from lakewright.errors.project import ProjectError, UsageError
from lakewright.project.discovery import resolve
from lakewright.project.isolated import isolated_plans
from tests.unit.project.repos import write
from tests.unit.project.test_bundle import pipeline

JOBS = """
from lakewright import job, task

@task
def one(month: int) -> int:
    return month

@job
def daily(month: int, least: int = 2) -> int:
    return one(month)
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory that modules are found from."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)


def planned(reference: str, *, target: str = "local", **parameters: str) -> IsolatedPlan:
    (found,) = isolated_plans(resolve(reference, Path.cwd()), [parameters], target=target)
    return found


def values(plan: IsolatedPlan) -> tuple[str, ...]:
    """Target, root, data, catalog and schema in the arguments of the job's one task."""
    work = plan.job.tasks[0].work
    assert isinstance(work, Process)
    return tuple(plan.placed(text) for text in work.parameters[5:10])


def test_a_pipelines_definition_has_this_machines_names_for_the_local_target(tmp_path: Path) -> None:
    pipeline(tmp_path, "isolated_one", JOBS)
    plan = planned("isolated_one", month="1")
    assert plan.parameters == {"month": "1", "least": "2"}
    assert plan.paths.job == "daily"
    target, root, _, catalog, _ = values(plan)
    assert (target, catalog) == ("local", "local")
    assert root == plan.paths.root == str(tmp_path / ".lakewright")


def test_another_target_gives_its_definition_and_its_names_and_still_no_place_elsewhere(tmp_path: Path) -> None:
    folder = pipeline(tmp_path, "isolated_two", JOBS)
    plan = planned("isolated_two", target="prod", month="1")
    assert values(plan) == ("prod", str(tmp_path / ".lakewright"), f"{folder}/data", "prod", "isolated_two")


def test_a_job_of_a_file_is_generated_by_itself(tmp_path: Path) -> None:
    write(tmp_path, {"isolated_file.py": JOBS})
    plan = planned("isolated_file.py:daily", month="1")
    assert values(plan)[0] == "local"
    with pytest.raises(UsageError, match="belongs to no pipeline, so it has no target 'prod'"):
        planned("isolated_file.py:daily", target="prod", month="1")


def test_a_pipeline_that_is_not_deployed_is_generated_by_itself(tmp_path: Path) -> None:
    pipeline(tmp_path, "isolated_part", JOBS.replace("import job", "import job, pipeline").replace("@job", "@pipeline"))
    plan = planned("isolated_part", month="1")
    assert (plan.paths.job, values(plan)[0]) == ("daily", "local")


def test_a_target_that_is_not_there_is_an_error_that_suggests_one(tmp_path: Path) -> None:
    pipeline(tmp_path, "isolated_three", JOBS)
    with pytest.raises(UsageError, match="no target 'pord'; did you mean 'prod'"):
        planned("isolated_three", target="pord", month="1")


def test_parameters_are_checked_as_for_any_run(tmp_path: Path) -> None:
    write(tmp_path, {"isolated_parameters.py": JOBS})
    with pytest.raises(ParameterError, match="needs a value for parameter 'month'"):
        planned("isolated_parameters.py:daily")
    with pytest.raises(ParameterError, match="'two' is not of type int"):
        planned("isolated_parameters.py:daily", month="two")


def test_a_job_that_the_platform_would_refuse_is_not_run(tmp_path: Path) -> None:
    write(tmp_path, {"isolated_empty.py": "from lakewright import job\n\n@job\ndef empty() -> None: ...\n"})
    with pytest.raises(ProjectError, match="empty"):
        planned("isolated_empty.py:empty")


STARTING = """
from lakewright import job, task

@task
def one(month: int) -> int:
    return 10 // month

@task
def last(month: int) -> int:
    return month

@job
def inner(month: int, note: str = "a b") -> int:
    return one(month)

@job
def outer(month: int = 2) -> int:
    done = inner.as_task(month=month)
    return last.after(done)(month)
"""


@pytest.mark.parametrize("reference", ["outer", "isolated_starting.py:outer"])
def test_a_job_that_a_task_starts_runs_isolated_too(tmp_path: Path, reference: str) -> None:
    if ".py" in reference:
        write(tmp_path, {"isolated_starting.py": STARTING})
    else:
        pipeline(tmp_path, "isolated_start", STARTING)
    result = run(planned(reference, month="5"))
    assert result.status == "success"
    (attempt,) = result.outcomes["inner"].attempts
    assert "month=5" in Path(attempt.log).read_text()
    (inner_run,) = (tmp_path / ".lakewright" / "runs" / "inner").iterdir()
    assert list(inner_run.rglob("*one*"))


def test_a_started_job_that_fails_fails_the_task(tmp_path: Path) -> None:
    write(tmp_path, {"isolated_failing.py": STARTING})
    result = run(planned("isolated_failing.py:outer", month="0"))
    assert {key: outcome.state.value for key, outcome in result.outcomes.items()} == {
        "inner": "failed",
        "last": "upstream_failed",
    }
    assert "exit code 1" in result.outcomes["inner"].reason
