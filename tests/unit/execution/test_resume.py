"""Going on with a run: what has a record stays, what failed runs again, and another run is refused."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakewright import Retry, context, job, task
from lakewright.errors.running import ResumeError
from lakewright.execution.events import TaskEvent
from lakewright.execution.history import RunHistory
from lakewright.execution.plan import RunPlan
from lakewright.execution.result import RunResult
from lakewright.execution.resume import check_parameters, check_same, repaired, resumed
from lakewright.execution.rows import AttemptRow, RunRow
from lakewright.execution.runner import run as run_plan
from lakewright.execution.store import RunStore
from lakewright.io.commit import read_record
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from tests.unit.execution.runs import Runs

executed: list[tuple[str, int]] = []
broken: set[str] = set()


@pytest.fixture(autouse=True)
def _nothing_executed() -> None:
    executed.clear()
    broken.clear()


@task
def step(*values: object) -> pl.DataFrame:
    """Counts what it got; fails where it is told to."""
    here = context()
    executed.append((here.key, here.attempt))
    if here.key in broken:
        message = f"{here.key} is broken"
        raise ValueError(message)
    return pl.DataFrame({"inputs": [len(values)]})


@job
def daily(month: int = 1) -> pl.DataFrame:
    load = step.named("load")(month)
    clean = step.named("clean")(load)
    apart = step.named("apart")()
    step.named("tidy").after(clean).options(run_if="all_done")()
    step.named("alert").after(apart).options(run_if="one_failed")()
    return step.named("report")(clean, apart)


class Again:
    """Runs that go on."""

    def __init__(self, run: Runs, store: RunStore) -> None:
        self.run = run
        self.store = store
        self.events: list[TaskEvent] = []

    def plan(self, job: Job[..., Any], params: dict[str, object] | None = None) -> RunPlan:
        """The plan of run r1."""
        planned = plan(job.body, params or {}, target=self.run.target, listener=self.events.append)
        return replace(planned, paths=replace(planned.paths, run_id="r1"), max_workers=2)

    def row(self, planned: RunPlan, sources: dict[str, str] | None = None) -> RunRow:
        """The row of its beginning."""
        texts, dag = dict(planned.parameter_texts), planned.dag
        return RunRow("r1", dag.name, "ref", dag.digest, dag.to_json(), texts, sources or {}, "", 10.0)

    def __call__(self, planned: RunPlan, *, repairs: bool = False) -> RunResult[Any]:
        """A run that takes over what has been done."""
        executed.clear()
        self.events.clear()
        with RunHistory(self.store, self.row(planned), planned.paths) as history:
            go_on = repaired if repairs else resumed
            again = go_on(planned, self.store.attempts(planned.dag.name, "r1"))

            def listen(event: TaskEvent) -> None:
                history.listen(event)
                self.events.append(event)

            result = run_plan(replace(again, listener=listen))
            history.end(result)
        return result

    def states(self) -> dict[tuple[str, int], str]:
        """All that the store knows of the attempts."""
        return {(row.key, row.attempt): row.state for row in self.store.attempts("daily", "r1")}


@pytest.fixture
def again(run: Runs) -> Iterator[Again]:
    store = RunStore(Path(run.target.root) / "runs.sqlite")
    yield Again(run, store)
    store.close()


def test_what_is_committed_does_not_run_again(again: Again) -> None:
    planned = again.plan(daily)
    broken.add("clean")
    assert again(planned).status == "failed"
    broken.clear()
    result = again(planned)
    assert sorted(executed) == [("clean", 2), ("report", 1)]
    assert result.status == "success"
    assert result["report"]["inputs"][0] == 2
    assert {key: outcome.reason for key, outcome in result.outcomes.items() if outcome.reason} == {
        "load": "done before",
        "apart": "done before",
        "tidy": "done before",
        "alert": "excluded: no parent failed",
    }


def test_a_run_that_went_well_has_nothing_left_to_do(again: Again) -> None:
    planned = again.plan(daily)
    first = again(planned)
    second = again(planned)
    assert executed == []
    assert second.states == first.states
    assert second.value.equals(first.value)


def test_inputs_that_were_kept_are_read_from_their_records(again: Again) -> None:
    planned = again.plan(daily)
    broken.add("report")
    again(planned)
    broken.clear()
    assert again(planned).value["inputs"][0] == 2
    assert executed == [("report", 2)]


def test_a_record_without_a_row_counts_and_gets_its_row(again: Again) -> None:
    planned = again.plan(daily)
    again(planned)
    with sqlite3.connect(again.store.path) as connection:
        connection.execute("DELETE FROM attempts WHERE key = 'load'")
        connection.execute("UPDATE attempts SET state = 'running' WHERE key = 'clean'")
    connection.close()
    again(planned)
    assert executed == []
    assert again.states()["load", 1] == again.states()["clean", 1] == "success"


def test_a_row_without_a_record_does_not_count(again: Again) -> None:
    planned = again.plan(daily)
    again(planned)
    Path(planned.paths.record("apart")).unlink()
    again(planned)
    assert executed == [("apart", 2)]


def test_a_record_whose_file_was_cut_short_does_not_count(again: Again) -> None:
    planned = again.plan(daily)
    again(planned)
    record = read_record(planned.paths, "apart")
    assert record is not None
    assert record.stored is not None
    os.truncate(record.stored.files[0].path, 1)
    assert again(planned)["apart"].height == 1
    assert executed == [("apart", 2)]


def test_attempts_of_before_are_never_made_a_second_time(again: Again) -> None:
    planned = again.plan(daily)
    Path(planned.paths.attempt("load", 3)).mkdir(parents=True)
    again(planned)
    assert ("load", 4) in executed
    record = read_record(planned.paths, "load")
    assert record is not None
    assert record.attempt == 4


def test_what_was_in_flight_is_interrupted(again: Again) -> None:
    planned = again.plan(daily)
    again.store.put_attempt(AttemptRow("daily", "r1", "load", 1, "running", 10.0))
    again(planned)
    assert again.states()["load", 1] == "interrupted"
    assert again.states()["load", 2] == "success"


def test_a_run_that_goes_on_has_all_its_retries(again: Again) -> None:
    @job(name="daily")
    def flaky() -> object:
        return step.named("load").options(retries=Retry(2, delay=0.01))()

    broken.add("load")
    planned = again.plan(flaky)
    again(planned)
    assert executed == [("load", 1), ("load", 2), ("load", 3)]
    again(planned)
    assert executed == [("load", 4), ("load", 5), ("load", 6)]
    assert [event.wait for event in again.events if event.kind == "retrying"] == [0.01, 0.02]


def test_a_repair_runs_again_what_failed_and_all_that_hangs_on_it(again: Again) -> None:
    planned = again.plan(daily)
    broken.add("clean")
    again(planned)
    broken.clear()
    result = again(planned, repairs=True)
    assert sorted(executed) == [("clean", 2), ("report", 1), ("tidy", 2)]
    assert result.status == "success"


def test_a_repair_that_fails_leaves_no_record_of_before(again: Again) -> None:
    planned = again.plan(daily)
    broken.add("clean")
    again(planned)
    broken.add("tidy")
    again(planned, repairs=True)
    assert read_record(planned.paths, "tidy") is None
    assert read_record(planned.paths, "load") is not None


def test_a_repair_takes_new_tasks_in(again: Again) -> None:
    @job(name="daily")
    def more(month: int = 1) -> object:
        load = step.named("load")(month)
        return step.named("new")(load)

    again(again.plan(daily))
    again(again.plan(more), repairs=True)
    assert executed == [("new", 1)]


def test_the_same_run_may_go_on(again: Again) -> None:
    planned = again.plan(daily)
    check_same(planned, again.row(planned, {"a.py": "1"}), {"a.py": "1"})


def test_other_parameters_are_refused_with_the_difference(again: Again) -> None:
    before = again.row(again.plan(daily, {"month": 2}))
    with pytest.raises(
        ResumeError, match=r"run 'r1' .*cannot go on.*\n  parameter month: was '2', is '1'\n  Start a new"
    ):
        check_parameters(again.plan(daily), before)
    with pytest.raises(ResumeError, match="parameter month"):
        check_same(again.plan(daily), before, {})


def test_another_dag_is_refused_with_the_difference(again: Again) -> None:
    @job(name="daily")
    def other(month: int = 1) -> object:
        step.named("load").options(retries=1)(month)
        return step.named("new")()

    with pytest.raises(ResumeError) as caught:
        check_same(again.plan(other), again.row(again.plan(daily)), {})
    assert caught.value.message.splitlines()[1:] == [
        "  task changed: load",
        "  task gone: clean",
        "  task gone: apart",
        "  task gone: tidy",
        "  task gone: alert",
        "  task gone: report",
        "  task new: new",
        "  result changed",
    ]
    assert "--repair" in caught.value.hint


def test_other_code_is_refused_with_the_files(again: Again) -> None:
    planned = again.plan(daily)
    with pytest.raises(
        ResumeError, match=r"\n  changed: a.py\n  gone: b.py\n  new: c.py\n  Go on with the present code"
    ):
        check_same(planned, again.row(planned, {"a.py": "1", "b.py": "1"}), {"a.py": "2", "c.py": "1"})
