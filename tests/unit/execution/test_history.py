"""What the store remembers of a run, also of one whose process is gone."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import Retry, context, job, task
from lakewright.errors.running import RunError, StoreError
from lakewright.execution.events import TaskEvent
from lakewright.execution.history import INTERRUPTED, RUNNING, RunHistory, actual, actual_attempts, forget
from lakewright.execution.report.stored import stored_evidence
from lakewright.execution.result import RunResult
from lakewright.execution.resume import repaired, resumed
from lakewright.execution.rows import RunRow
from lakewright.execution.runner import run as run_plan
from lakewright.execution.store import RunStore
from lakewright.io.commit import read_record
from lakewright.io.paths import RunPaths
from lakewright.model.states import State
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

# A run that says when it hangs, and is killed then.
DYING: Final = """
import sys
from lakewright import job
from lakewright.execution.events import TaskEvent
from lakewright.execution.history import RunHistory
from lakewright.execution.rows import RunRow
from lakewright.execution.runner import run
from lakewright.execution.store import RunStore
from lakewright.model.target import TargetValues
from lakewright.pipelines.arguments import plan
from pathlib import Path
from dataclasses import replace
from tests.unit.execution import tasks

@job
def daily() -> None:
    tasks.pause.after(tasks.number())(60.0)

root = sys.argv[1]
planned = plan(daily.body, {}, target=TargetValues(root=root), run_id="r1")
row = RunRow("r1", "daily", "daily", planned.dag.digest, planned.dag.to_json(), {}, {}, "", 10.0)
with RunHistory(RunStore(Path(root) / "runs.sqlite"), row, planned.paths) as history:
    def listen(event):
        history.listen(event)
        if event.key == "pause":
            print("hangs", flush=True)
    run(replace(planned, listener=listen))
"""


@task(retries=Retry(1, delay=0))
def flaky() -> None:
    sys.stdout.write(f"attempt {context().attempt}\n")
    if context().attempt == 1:
        message = "gone"
        raise ConnectionError(message)


@job
def daily(month: int = 1) -> None:
    tasks.see(month)
    bad = tasks.fail.after(flaky())("no file today")
    tasks.see.named("after")(bad)


broken: Final[set[int]] = set()


@task
def numbers() -> list[int]:
    return [1, 2]


@task
def checked(number: int) -> int:
    if number in broken:
        message = f"{number} is broken"
        raise ValueError(message)
    return number


@job
def repeating() -> list[int]:
    return [checked(number) for number in numbers()]


@pytest.fixture
def store(run: Runs) -> Iterator[RunStore]:
    opened = RunStore(Path(run.target.root) / "runs.sqlite")
    yield opened
    opened.close()


def remembered(run: Runs, store: RunStore, job: Job[..., Any], *, run_id: str = "r1") -> RunResult[Any]:
    """A run that the store is told of."""
    planned = plan(job.body, {}, target=run.target, run_id=run_id)
    with RunHistory(store, row(planned.dag.name, run_id), planned.paths) as history:
        result = run_plan(replace(planned, listener=history.listen, keeps_logs=True, max_workers=1))
        history.end(result)
    return result


def row(name: str, run_id: str = "r1") -> RunRow:
    return RunRow(run_id, name, name, "digest", "{}", {"month": "1"}, {}, "", time.time())


def test_every_attempt_has_a_row_that_says_how_it_ended(run: Runs, store: RunStore) -> None:
    result = remembered(run, store, daily)
    rows = {(each.key, each.attempt): each for each in store.attempts("daily", "r1")}
    assert {place: each.state for place, each in rows.items()} == {
        ("see", 1): "success",
        ("flaky", 1): "failed",
        ("flaky", 2): "success",
        ("fail", 1): "failed",
        ("after", 0): "upstream_failed",
    }
    assert rows["flaky", 1].error == "ConnectionError: gone"
    assert rows["flaky", 1].traceback.endswith("    raise ConnectionError(message)")
    assert (rows["flaky", 2].traceback, rows["after", 0].traceback) == ("", "")
    assert len({each.began for each in rows.values()}) == 1
    assert rows["flaky", 2].log == result.paths.log("flaky", 2)
    assert rows["see", 1].log == ""
    assert rows["after", 0].reason == "upstream failed: fail"
    assert all(each.seconds is not None and each.started is not None for each in rows.values() if each.attempt)


def test_each_try_of_a_repeated_task_and_each_attempt_of_its_iterations_has_a_row(run: Runs, store: RunStore) -> None:
    broken.add(2)
    remembered(run, store, repeating)
    broken.clear()
    for go_on in (repaired, resumed):
        planned = plan(repeating.body, {}, target=run.target, run_id="other")
        planned = replace(planned, paths=RunPaths(run.target.root, "repeating", "r1"))
        with RunHistory(store, row("repeating"), planned.paths) as history:
            planned = go_on(planned, store.attempts("repeating", "r1"))
            run_plan(replace(planned, listener=history.listen))
        rows = store.attempts("repeating", "r1")
        assert {(each.key, each.attempt): (each.state, each.error) for each in rows} == {
            ("numbers", 1): ("success", ""),
            ("checked", 1): ("failed", "ValueError: 2 is broken"),
            ("checked", 2): ("success", ""),
            ("checked.0", 1): ("success", ""),
            ("checked.1", 1): ("failed", "ValueError: 2 is broken"),
            ("checked.1", 2): ("success", ""),
        }


def test_an_ended_run_has_its_status_and_its_lock_is_free(run: Runs, store: RunStore) -> None:
    result = remembered(run, store, daily)
    (found,) = store.runs()
    assert (found.status, found.leaf_status) == ("failed", "failed")
    assert found.seconds is not None
    assert found.seconds >= result.seconds
    assert actual(found, run.target.root) == found


def test_the_record_is_written_before_the_row(run: Runs, store: RunStore) -> None:
    planned = plan(daily.body, {}, target=run.target, run_id="r1")
    seen: list[tuple[bool, bool]] = []
    with RunHistory(store, row("daily"), planned.paths) as history:

        def listen(event: Any) -> None:  # noqa: ANN401  an event
            if event.kind == "ended" and event.key == "see":
                states = {each.key: each.state for each in store.attempts("daily", "r1")}
                seen.append((read_record(planned.paths, "see") is not None, states["see"] == "running"))
            history.listen(event)

        run_plan(replace(planned, listener=listen))
    assert seen == [(True, True)]


def test_a_run_that_goes_on_is_running_and_no_second_process_takes_it(run: Runs, store: RunStore) -> None:
    planned = plan(daily.body, {}, target=run.target, run_id="r1")
    with RunHistory(store, row("daily"), planned.paths):
        assert actual(store.runs()[0], run.target.root).status == RUNNING
        with (
            pytest.raises(RunError, match="run 'r1' of job 'daily' is going on in another process"),
            RunHistory(store, row("daily"), planned.paths),
        ):
            pass
        with pytest.raises(RunError, match="is going on"):
            forget(store, store.runs()[0], run.target.root)
    assert actual(store.runs()[0], run.target.root).status == INTERRUPTED


def test_a_run_whose_process_was_killed_is_interrupted_with_what_was_in_flight(run: Runs, store: RunStore) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", DYING, run.target.root]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "hangs\n"
        assert actual(store.runs()[0], run.target.root).status == RUNNING
        process.send_signal(signal.SIGKILL)
    found = actual(store.runs()[0], run.target.root)
    attempts = actual_attempts(found, store.attempts("daily", "r1"))
    assert found.status == INTERRUPTED
    assert {each.key: each.state for each in attempts} == {"number": "success", "pause": INTERRUPTED}
    assert read_record(RunPaths(run.target.root, "daily", "r1"), "number") is not None


def test_a_clock_that_goes_backwards_makes_no_duration_negative(run: Runs, store: RunStore) -> None:
    moments = itertools.count(1000.0, -60.0)
    for run_id in ("r2", "r1"):
        planned = plan(daily.body, {}, target=run.target, run_id=run_id)
        started = row("daily", run_id)._replace(started=next(moments))
        with RunHistory(store, started, planned.paths, now=lambda: next(moments)) as history:
            history.end(run_plan(replace(planned, listener=history.listen)))
    assert [found.run_id for found in store.runs()] == ["r1", "r2"]
    of_attempts = [each.seconds for run_id in ("r1", "r2") for each in store.attempts("daily", run_id)]
    seconds = [*of_attempts, *(found.seconds for found in store.runs())]
    assert min(each for each in seconds if each is not None) >= 0


def test_a_forgotten_run_leaves_nothing(run: Runs, store: RunStore) -> None:
    result = remembered(run, store, daily)
    remembered(run, store, daily, run_id="r2")
    forget(store, store.runs()[1], run.target.root)
    assert [found.run_id for found in store.runs()] == ["r2"]
    assert store.attempts("daily", "r1") == ()
    assert not Path(result.paths.folder).exists()


def test_a_run_whose_removal_has_begun_does_not_go_on(run: Runs, store: RunStore) -> None:
    result = remembered(run, store, daily)
    store.begin_removal("daily", "r1")
    with pytest.raises(RunError, match="is being removed"), RunHistory(store, row("daily"), result.paths):
        pass
    assert forget(store, store.runs()[0], run.target.root)


def test_nobody_goes_on_with_a_run_while_it_is_removed(run: Runs, store: RunStore) -> None:
    result = remembered(run, store, daily)

    class Meanwhile(RunStore):
        """Somebody would go on with the run when its folder is gone, and its row is not."""

        def forget(self, job: str, run_id: str) -> None:
            with (
                pytest.raises(RunError, match="is going on in another process"),
                RunHistory(store, row("daily"), result.paths),
            ):
                pass
            super().forget(job, run_id)

    with closing(Meanwhile(store.path)) as removing:
        assert forget(removing, store.runs()[0], run.target.root)
    assert store.runs() == ()


def test_a_store_that_fails_ends_the_run_with_its_own_words(run: Runs, store: RunStore) -> None:
    planned = plan(daily.body, {}, target=run.target, run_id="r1")
    with RunHistory(store, row("daily"), planned.paths) as history:
        store.close()
        with pytest.raises(StoreError, match=r"the run store .* cannot be used"):
            run_plan(replace(planned, listener=history.listen))


def test_what_happened_last_is_last_though_the_clock_was_set_back(run: Runs, store: RunStore) -> None:
    planned = plan(daily.body, {}, target=run.target, run_id="r1")
    failed = TaskEvent(kind="ended", key="see", state=State.FAILED, error=ValueError("no"))
    mended = replace(failed, state=State.SUCCESS, attempt=2, error=None)
    for clock, event in ((lambda: 1000.0, failed), (lambda: 500.0, mended)):
        with RunHistory(store, row("daily"), planned.paths, now=clock) as history:
            history.listen(replace(event, kind="started", state=State.RUNNING, error=None))
            history.listen(event)
    found = store.attempts("daily", "r1")
    assert [each.attempt for each in sorted(found, key=lambda each: each.began)] == [1, 2]
    evidence = stored_evidence(row("daily"), found, daily.dag, root=run.target.root)
    assert evidence.tasks["see"].state is State.SUCCESS
