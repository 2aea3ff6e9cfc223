"""Pipelines that are read from their files: what nothing but an import could tell stays unknown."""

import sys
from pathlib import Path
from typing import Final

import pytest

from lakewright.errors.authoring import StaticAnalysisError
from lakewright.errors.project import LoadError, UsageError
from lakewright.loading.objects import load
from lakewright.project.discovery import jobs_of
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.static import check_statically, read_pipeline, resolve_statically
from tests.branches import needs_branches
from tests.unit.project.repos import JOBS, PIPELINE, repository, write

TASKS: Final = """
from lakewright import task

MONTHS = {"jan": 1}

@task
def load(month: int) -> list[int]:
    return [month]

def again(month: int) -> list[int]:
    return load.named("again")(month)
"""
SOUND: Final = """
from __future__ import annotations
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from lakewright import Cron, Provider, job, pipeline, task
from lakewright.config import AwsConfig
from {name} import tasks
from {name}.tasks import MONTHS, load

if TYPE_CHECKING:
    import nowhere

provider = Provider(config=AwsConfig(region="eu-west-1"))
here = provider.local()
raw = provider.bucket(bucket="lake", path="raw.parquet")


class Parts(NamedTuple):
    left: int
    right: list[int]


@dataclass
class Box:
    rows: list[int]
    title: str = "a"


@task
def split(rows: list[int]) -> Parts: ...


@task
def boxed(rows: list[int]) -> Box: ...


@here.task(retries=2)
def extract(source) -> list[int]: ...


@task(outputs=tuple[int, int])
def pair(rows): ...


@pipeline
def part(rows: list[int]) -> Parts:
    return split(rows)


@job(schedule=Cron("0 6 * * *"), tags={{"team": "ops"}})
def daily(mode: Literal["full", "quick"] = "full", n: int = 3) -> object:
    rows = load(MONTHS["jan"])
    left, right = part(rows)
    first, _ = pair(extract(raw))
    if mode == "full":
        rows = tasks.again(n)
    for each in right:
        split([each])
    return [boxed(rows).title, left, first]
"""
UNSOUND: Final = """
import os
import no_such_package
from lakewright import job, task

print("imported")
1 / 0

@task
def known(x: int = no_such_package.X) -> int:
    return 1

@task(timeout=int(os.environ["SECONDS"]))
def odd() -> int:
    return 1

@job
def sound() -> int:
    number = known()
    unused = known.named("other")()
    return number

@job
def unknown() -> int:
    return odd()

@job(max_concurent_runs=2)
def wrong() -> int:
    return known()

@job
def needy() -> int:
    return len(known())
"""


def folder_of(root: Path, name: str, **files: str) -> PipelineFolder:
    """A pipeline of some modules."""
    repository(root, **{name: files.pop("jobs")})
    write(root, {f"{name}/{module}.py": text for module, text in files.items()})
    return Repository(root).pipeline(name)


@needs_branches
def test_what_is_read_is_what_is_traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, "stat_sound", jobs=SOUND.format(name="stat_sound"), tasks=TASKS)
    read = read_pipeline(folder)
    assert (read.errors, read.unknown) == ((), ())
    assert [each.attribute for each in read.jobs] == ["part", "daily"]
    assert not any(name.startswith("stat_sound") for name in sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    traced = load("stat_sound.jobs:daily").definition
    (daily,) = [each.definition for each in read.jobs if each.is_deployed]
    assert daily.dag == traced.dag
    assert (daily.name, daily.settings, daily.function) == (traced.name, traced.settings, traced.function)


def test_nothing_of_a_module_runs_and_what_is_not_known_is_a_warning(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "stat_unsound", jobs=UNSOUND)
    found = {each.code: each for each in check_statically(folder)}
    assert set(found) == {"unknown", "unused-output", "setting", "handle"}
    assert {code: each.severity for code, each in found.items()} == {
        "unknown": "warning",
        "unused-output": "warning",
        "setting": "error",
        "handle": "error",
    }
    assert "Without --static" in found["unknown"].hint
    assert found["setting"].message.endswith("did you mean 'max_concurrent_runs'?")
    lines = UNSOUND.strip().splitlines()
    for code, text in {"unused-output": "unused =", "setting": "max_concurent", "handle": "len(known"}.items():
        place = found[code].location
        assert place is not None
        assert (Path(place.file).name, text in lines[place.line - 1]) == ("jobs.py", True)
        assert place.column
    assert "stat_unsound.jobs" not in sys.modules


def test_what_a_syntax_error_hides_is_one_finding_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = JOBS + "\nfrom stat_half import broken\n\n@job\ndef other() -> int:\n    return len(one())\n"
    folder = folder_of(tmp_path, "stat_half", jobs=text, broken="def wrong()\n")
    syntax, handle = check_statically(folder)
    assert (syntax.code, handle.code) == ("load", "handle")
    assert "SyntaxError" in syntax.message
    assert syntax.location is not None
    assert (Path(syntax.location.file).name, syntax.location.line, syntax.location.column) == ("broken.py", 1, 12)


def test_references_mean_what_they_mean_elsewhere(tmp_path: Path) -> None:
    folder_of(tmp_path, "stat_ref", jobs=JOBS + PIPELINE)
    folder_of(tmp_path, "stat_broken", jobs="def wrong()\n")

    def names(reference: str | None) -> list[str]:
        return [each.job.name for each in resolve_statically(reference, tmp_path)]

    assert names("stat_ref") == names("daily") == names("stat_ref.jobs:daily") == ["daily"]
    assert names("stat_ref/jobs.py:part") == ["part"]
    with pytest.raises(LoadError, match="SyntaxError"):
        names(None)
    with pytest.raises(LoadError, match="SyntaxError"):
        names("dayly")
    with pytest.raises(UsageError, match=r"no job .dayly. in stat_ref/jobs\.py; did you mean .daily."):
        names("stat_ref/jobs.py:dayly")
    with pytest.raises(LoadError, match="there is no file"):
        names("nowhere.py:daily")


def test_a_body_that_cannot_be_told_says_so_and_the_way_out(tmp_path: Path) -> None:
    folder_of(tmp_path, "stat_unknown", jobs=UNSOUND)
    (found,) = resolve_statically("stat_unknown/jobs.py:unknown", tmp_path)
    with pytest.raises(StaticAnalysisError, match="what 'odd' stands for") as caught:
        _ = found.definition
    assert "Without --static" in caught.value.hint


def test_a_module_without_a_file_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {"targets.yml": "", "pipelines/stat_none/databricks.yml": "bundle: {}"})
    (finding,) = check_statically(Repository(tmp_path).pipeline("stat_none"))
    assert finding.message == "there is no file of the module 'stat_none.jobs' in this repository"


INJECTED: Final = """
[[tool.lakewright.inject]]
task = "{0}:begin"
at = "roots"
arguments = {{team = "ops"}}

[[tool.lakewright.inject]]
task = "{0}:end"
at = "leaves"
key = "audit-end"
"""
AUDIT: Final = """
from lakewright import task

@task
def begin(team: str) -> None: ...

@task(run_if="all_done")
def end() -> None: ...
"""


def test_what_settings_put_into_each_job_is_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, "stat_inject", jobs=JOBS + PIPELINE, audit=AUDIT)
    write(tmp_path, {"pyproject.toml": INJECTED.format("stat_inject.audit")})
    (of_file,) = resolve_statically("stat_inject/jobs.py:daily", tmp_path)
    daily, part = read_pipeline(folder).jobs
    assert daily.definition.dag.nodes == of_file.definition.dag.nodes == ("begin", "one", "audit-end")
    assert part.definition.dag.nodes == ("one",)
    assert not any(name.startswith("stat_inject") for name in sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    assert daily.definition.dag == jobs_of(folder)[0].job.dag


def test_what_cannot_be_put_into_each_job_or_told_is_one_finding_and_jobs_are_checked_without_it(
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path, "stat_outside", jobs=JOBS + "\n@job\ndef needy() -> int:\n    return len(one())\n")
    write(tmp_path, {"pyproject.toml": INJECTED.format("no_such_package.audit")})
    unknown, other, handle = check_statically(folder)
    assert [(each.code, each.severity) for each in (unknown, other)] == [("unknown", "warning")] * 2
    assert unknown.message == "what 'no_such_package.audit:begin' stands for cannot be told without importing it"
    assert unknown.location is not None
    assert (Path(unknown.location.file).name, unknown.location.line) == ("pyproject.toml", 1)
    assert handle.code == "handle"
    write(tmp_path, {"stat_outside/plain.py": "def begin(): ...\ndef end(): ...\n"})
    write(tmp_path, {"pyproject.toml": INJECTED.format("stat_outside.plain")})
    assert [each.code for each in check_statically(folder)] == ["project", "project", "handle"]


WIRED: Final = """
from lakewright.orchestration import Pipeline, Task

etl = Pipeline("etl").add_task(Task("one", lambda: 1))
"""


def test_a_pipeline_that_is_wired_by_hand_is_said_to_be_unknown_not_absent(tmp_path: Path) -> None:
    write(tmp_path, {"stat_wired.py": WIRED})
    with pytest.raises(StaticAnalysisError, match="what 'etl' is cannot be told from its file") as caught:
        resolve_statically("stat_wired.py:etl", tmp_path)
    assert "wired by hand" in caught.value.hint
    assert "Without --static" in caught.value.hint
