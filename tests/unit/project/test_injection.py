"""What the settings put into each job is there wherever the project looks at it, and not in the job itself."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.errors.base import LakewrightError
from lakewright.errors.project import ProjectError
from lakewright.project.check import check_pipeline
from lakewright.project.discovery import FoundJob, jobs_of, resolve
from lakewright.project.repository import Repository
from lakewright.project.runs import Request, prepare, run_prepared
from tests.unit.project.repos import JOBS, PIPELINE, repository, write

AUDIT: Final = """
from lakewright import context, task

@task
def begin(team: str, cost: int = 0) -> str:
    return f"{team} {cost}"

@task(run_if="all_done", retries=1)
def end() -> str:
    return context().run_id

@task
def needs(rows: list[int]) -> None: ...

def plain() -> None: ...
"""
BOTH: Final = """
[project]
name = "platform"

[[tool.lakewright.inject]]
task = "{audit}:begin"
at = "roots"
arguments = {{team = "ops", cost = 7}}

[[tool.lakewright.inject]]
task = "{audit}:end"
at = "leaves"
key = "audit-end"
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory that modules are found from."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)


def project(root: Path, name: str, settings: str = BOTH, *, source: str = JOBS) -> FoundJob:
    """The job `daily` of a repository with these settings at its root."""
    repository(root, **{name: source})
    write(root, {f"{name}_audit.py": AUDIT, "pyproject.toml": settings.format(audit=f"{name}_audit")})
    return jobs_of(Repository(root).pipeline(name))[0]


def test_every_job_of_a_repository_gets_what_its_settings_say(tmp_path: Path) -> None:
    found = project(tmp_path, "inj_one")
    assert found.job.dag.edges == (("begin", "one"), ("one", "audit-end"))
    assert found.job.definition.dag == found.job.dag
    assert found.job.dag.task("audit-end").settings.retry.retries == 1
    assert [str(each.location) for each in found.job.dag.tasks if each.key != "one"] == [
        "pyproject.toml:4",
        "pyproject.toml:9",
    ]


def test_the_job_itself_stays_as_it_is(tmp_path: Path) -> None:
    project(tmp_path, "inj_two")
    bare: Any = __import__("inj_two.jobs").jobs.daily
    assert bare.dag.nodes == ("one",)
    assert bare.run() == 1


@pytest.mark.parametrize("reference", ["daily", "inj_three.jobs:daily", "inj_three/jobs.py:daily", "inj_three", None])
def test_however_a_job_is_named_it_is_the_same(tmp_path: Path, reference: str | None) -> None:
    project(tmp_path, "inj_three")
    (found,) = resolve(reference, tmp_path)
    assert found.job.dag.nodes == ("begin", "one", "audit-end")


def test_a_run_of_the_project_runs_them(tmp_path: Path) -> None:
    found = project(tmp_path, "inj_four")
    (prepared,) = prepare([found], Request())
    result = run_prepared(prepared, lambda _: None)
    assert dict(result) == {"begin": "ops 7", "one": 1, "audit-end": prepared.planned.paths.run_id}
    assert result.value == 1
    assert any(name.endswith("inj_four_audit.py") for name in prepared.row.sources)


def test_their_process_finds_them_by_the_definition_alone(tmp_path: Path) -> None:
    from lakewright.databricks.jobs import job_definition

    definition: Any = job_definition(project(tmp_path, "inj_five").job.definition)
    invocations = [json.loads(each["python_wheel_task"]["parameters"][1]) for each in definition["tasks"]]
    assert [each["function"] for each in invocations] == [
        "inj_five_audit:begin",
        "inj_five.jobs:one",
        "inj_five_audit:end",
    ]
    assert invocations[0]["arguments"] == [["team", {"constant": "ops"}], ["cost", {"constant": 7}]]
    assert definition["tasks"][2]["run_if"] == "ALL_DONE"


def test_a_pipeline_folder_may_add_its_own(tmp_path: Path) -> None:
    project(tmp_path, "inj_six")
    text = '[[tool.lakewright.inject]]\ntask = "inj_six_audit:end"\nat = "leaves"\nkey = "own"\n'
    write(tmp_path, {"pipelines/inj_six/pyproject.toml": text})
    (found,) = resolve("daily", tmp_path)
    assert found.job.dag.nodes == ("begin", "one", "audit-end", "own")


def test_a_pipeline_that_is_not_deployed_gets_nothing(tmp_path: Path) -> None:
    project(tmp_path, "inj_seven", source=JOBS + PIPELINE)
    (found,) = resolve("part", tmp_path)
    assert found.job.dag.nodes == ("one",)


def test_a_bound_job_keeps_its_values(tmp_path: Path) -> None:
    source = JOBS.replace("one() ->", "one(n: int) ->").replace("daily() ->", "daily(n: int = 1) ->")
    source = source.replace("return one()", "return one(n)") + "\nmonthly = daily.bind(n=5)\n"
    repository(tmp_path, inj_eight=source)
    write(tmp_path, {"inj_eight_audit.py": AUDIT, "pyproject.toml": BOTH.format(audit="inj_eight_audit")})
    (found,) = resolve("inj_eight.jobs:monthly", tmp_path)
    assert [parameter.default for parameter in found.job.dag.parameters] == ["5"]
    assert found.job.dag.nodes == ("begin", "one", "audit-end")


WRONG: Final = {
    'task = "{audit}"\nat = "roots"': "pyproject.toml:1: [tool.lakewright] inject: task must be where a task is",
    'task = "{audit}:end"': "pyproject.toml:1: [tool.lakewright] inject: at must be 'roots' or 'leaves'",
    'task = "{audit}:end"\nat = "root"': "pyproject.toml:1: [tool.lakewright] inject: at must be 'roots' or 'leaves'",
    'task = "{audit}:end"\nat = "roots"\nname = "x"': "inject has no setting 'name'; known are: arguments, at",
    'task = "{audit}:end"\nat = "roots"\nkey = "a b"': "inject: key must be letters, digits, '_' and '-'",
    'task = "{audit}:end"\nat = "roots"\narguments = 1': "inject: arguments must be a table",
    'task = "{audit}:ende"\nat = "roots"': "there is no 'ende' in",
    'task = "nowhere.at.all:end"\nat = "roots"': "pyproject.toml:1: there is no module 'nowhere.at.all'",
    'task = "{audit}:plain"\nat = "roots"': "injects '{audit}:plain', which is no task but a function",
    'task = "{audit}:needs"\nat = "roots"': "injects the task 'needs(rows: list[int]) -> None': missing a required",
    'task = "{audit}:end"\nat = "roots"\narguments = {{x = 1}}': "there is no parameter 'x'",
    'task = "{audit}:begin"\nat = "roots"\narguments = {{team = 07:32:00}}': "is a datetime.time",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_is_an_error_at_its_line(tmp_path: Path, text: str) -> None:
    name = f"inj_wrong_{list(WRONG).index(text)}"
    with pytest.raises(LakewrightError) as refused:
        project(tmp_path, name, f"[[tool.lakewright.inject]]\n{text}\n")
    assert WRONG[text].format(audit=f"{name}_audit") in str(refused.value)
    assert str(refused.value).startswith("pyproject.toml:1: ")
    (finding,) = check_pipeline(Repository(tmp_path).pipeline(name))
    assert str(finding.location) == "pyproject.toml:1"


def test_a_list_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"pyproject\.toml:2: .* inject must be a list of tables"):
        project(tmp_path, "inj_none", "[tool.lakewright]\ninject = 1\n")


def test_a_key_that_a_job_has_already_is_a_finding_that_names_both(tmp_path: Path) -> None:
    settings = '[[tool.lakewright.inject]]\ntask = "{audit}:end"\nat = "leaves"\nkey = "one"\n'
    project(tmp_path, "inj_twice", settings)
    (finding,) = check_pipeline(Repository(tmp_path).pipeline("inj_twice"))
    assert finding.message.startswith("task key 'one' is given twice in one job (the first is at ")
    assert str(finding.location) == "pyproject.toml:1"
