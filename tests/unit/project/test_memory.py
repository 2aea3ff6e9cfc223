"""Which run is meant, and what is kept of one while it goes on."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.errors.project import UsageError
from lakewright.errors.running import RunError
from lakewright.execution.events import TaskEvent
from lakewright.execution.history import actual
from lakewright.io.paths import RunPaths
from lakewright.model.states import State
from lakewright.pipelines.arguments import plan
from lakewright.project.discovery import FoundJob, resolve
from lakewright.project.memory import Startable, begun, new_row, parameters_before, store_at, to_go_on_with
from tests.unit.project.repos import write

JOBS = """
from lakewright import job, task

@task
def one(month: int) -> int:
    return month

@job
def daily(month: int = 1) -> int:
    return one(month)
"""


@pytest.fixture
def daily(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FoundJob:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    name = f"remembered_{tmp_path.name.replace('-', '_')}.py"
    write(tmp_path, {name: JOBS})
    (found,) = resolve(f"{name}:daily", tmp_path)
    return found


def keep(found: FoundJob, run_id: str, *, isolated: bool = False) -> None:
    """A run that has begun."""
    planned = replace(
        plan(found.job.body, {"month": 2}), paths=RunPaths(str(Path.cwd() / ".lakewright"), "daily", run_id)
    )
    row = new_row(found, planned)._replace(isolated=isolated)
    with begun(Startable(row=row), planned, tasks=["one"], listener=lambda _: None, warn=pytest.fail):
        pass


def meant(found: FoundJob, wanted: str, *, isolated: bool = False) -> list[str]:
    return [run.run_id for _, run in to_go_on_with([found], wanted, isolated=isolated)]


def test_the_latest_run_is_the_latest_of_its_kind(daily: FoundJob) -> None:
    for run_id, isolated in (("r1", False), ("r2", True), ("r3", False), ("r4", True)):
        keep(daily, run_id, isolated=isolated)
    assert (meant(daily, "latest"), meant(daily, "latest", isolated=True)) == (["r3"], ["r4"])
    assert meant(daily, "r1") == ["r1"]


def test_a_run_of_the_other_kind_is_named_so(daily: FoundJob) -> None:
    keep(daily, "r1")
    with pytest.raises(UsageError, match=r"no isolated run 'r1' of 'daily'(?s:.*)leave --isolated out"):
        meant(daily, "r1", isolated=True)
    with pytest.raises(UsageError, match="no run 'r2' of 'daily' to go on with; known are: r1"):
        meant(daily, "r2")


def test_where_nothing_has_run_there_is_nothing_to_go_on_with(daily: FoundJob) -> None:
    with pytest.raises(UsageError, match=r"there is no run 'latest' of 'daily' to go on with$"):
        meant(daily, "latest")


def test_parameters_that_a_job_no_longer_has_are_left_out(daily: FoundJob) -> None:
    row = new_row(daily, plan(daily.job.body, {"month": 2}))
    assert parameters_before(daily, row._replace(parameters={"month": "2", "year": "2013"})) == {"month": "2"}


def test_while_it_goes_on_it_is_locked_kept_and_told(daily: FoundJob, tmp_path: Path) -> None:
    planned, root = plan(daily.job.body, {}), str(tmp_path / ".lakewright")
    run = Startable(row=new_row(daily, planned), events=tmp_path / "events.jsonl")
    heard: list[TaskEvent] = []
    with begun(run, planned, tasks=["one"], listener=heard.append, warn=pytest.fail) as (memory, left):
        assert left is planned
        (known,) = memory.store.runs("daily")
        assert actual(known, root).status == "running"
        with (
            pytest.raises(RunError, match="is going on in another process"),
            begun(Startable(row=run.row), planned, tasks=[], listener=heard.append, warn=pytest.fail),
        ):
            pytest.fail("two processes run it")
        memory.listen(TaskEvent(kind="started", key="one", state=State.RUNNING))
    assert [each.kind for each in heard] == ["started"]
    assert [json.loads(line)["event"] for line in (tmp_path / "events.jsonl").read_text().splitlines()] == [
        "run_started",
        "started",
    ]
    store = store_at(root)
    assert [(each.key, each.state) for each in store.attempts("daily", run.row.run_id)] == [("one", "running")]
    assert actual(known, root).status == "interrupted"
    store.close()
