"""The report of a run, written at once or long after."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from lakewright.errors.running import StoreError
from lakewright.execution.events import ignore
from lakewright.execution.report.view import RunView, TaskView
from lakewright.io.paths import RunPaths
from lakewright.project import discovery
from lakewright.project.reports import run_view, write_report
from lakewright.project.runs import Request, prepare, run_prepared
from tests.unit.project.repos import write

JOBS: Final = """
import polars as pl
from lakewright import job, task

@task
def load(month: int) -> pl.DataFrame:
    '''What came in.'''
    print("loading")
    return pl.DataFrame({"month": [month] * 3})

@task(retries=1)
def clean(rows: pl.DataFrame, limit: int) -> int:
    raise ValueError("no rows")

@job
def daily(month: int = 1) -> int:
    return clean.options(retries=0)(load(month), 7)
"""


def ended(folder: Path) -> tuple[RunPaths, RunView]:
    """A run that has failed, and its view with all that is known."""
    write(folder, {f"reports_{folder.name}.py": JOBS})
    (found,) = discovery.resolve(f"{folder}/reports_{folder.name}.py:daily", folder)
    (prepared,) = prepare([found], Request(parameters={"month": "2"}))
    result = run_prepared(prepared, ignore)
    return result.paths, run_view(result.paths, definition=found.job.definition)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)


def test_without_the_code_a_run_is_shown_as_it_was_but_for_what_only_the_code_says(tmp_path: Path) -> None:
    paths, whole = ended(tmp_path)
    later = run_view(paths)
    assert later == replace(whole, tasks=tuple(without_code(task) for task in whole.tasks))
    load, clean = later.tasks
    assert load.attempts[0].log.startswith("loading\n")
    assert load.output
    assert load.output.rows == 3
    assert clean.attempts[0].error
    assert "raise ValueError" in clean.attempts[0].error.traceback
    assert [each.text for each in clean.inputs] == ["", "7"]


def without_code(task: TaskView) -> TaskView:
    return replace(task, compute="", description="", location="")


def test_a_report_is_one_file(tmp_path: Path) -> None:
    paths, view = ended(tmp_path)
    write_report(paths.report, view)
    assert Path(paths.report) == Path(paths.folder) / "report.html"
    assert "ValueError" in Path(paths.report).read_text(encoding="utf-8")


def test_a_run_that_nobody_knows_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the run store does not know run 'r9' of job 'daily'"):
        run_view(RunPaths(str(tmp_path / ".lakewright"), "daily", "r9"))
