"""Tasks in processes of their own."""

import inspect
import os
import threading
import time
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import job
from lakewright.errors.running import ProcessFailedError
from lakewright.execution.result import RunResult
from lakewright.execution.subprocesses import Processes
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from lakewright.text.exceptions import said
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

DIED: Final = "the process of task 't'"
MEMORY: Final = "The system does that where memory runs out: give the run fewer workers, or the task less data."


def one(task: Any, *args: object) -> Job[[], Any]:  # noqa: ANN401  a task of any signature
    """A job of one task that runs in a process."""

    @job
    def daily() -> object:
        return task.options(timeout=30).named("t")(*args)

    return daily


def error_of(result: RunResult[Any]) -> str:
    error = result.outcomes["t"].error
    assert isinstance(error, ProcessFailedError)
    return said(error)


def test_a_task_with_a_timeout_runs_in_another_process(run: Runs) -> None:
    pid = run(one(tasks.linger)).value
    assert pid != os.getpid()


def test_a_process_that_the_task_leaves_behind_is_not_waited_for(run: Runs) -> None:
    assert run(one(tasks.linger)).seconds < 4


def test_it_sees_the_run_as_any_task_does(run: Runs) -> None:
    assert run(one(tasks.where), run_id="r1").value[:5] == ["daily", "t", "r1", "1", "test"]


def test_inputs_reach_it_and_its_output_comes_back(run: Runs) -> None:
    @job
    def daily(more: int = 5) -> str:
        return tasks.see(tasks.add.options(timeout=30)(tasks.number(), more=more))

    assert run(daily, {"more": 7}).value == "8"


@pytest.mark.parametrize(
    ("daily", "said"),
    [
        (one(tasks.fail, "two\nlines"), "ValueError: two\nlines"),
        (one(tasks.leave, 3), "SystemExit: 3"),
        (
            one(tasks.killed),
            f"ProcessFailedError: {DIED} was ended by SIGKILL before the task was done\n  {MEMORY}",
        ),
        (one(tasks.die), f"ProcessFailedError: {DIED} ended with exit code 0 before the task was done"),
    ],
)
def test_a_failure_is_told_in_its_own_words(run: Runs, daily: Job[[], Any], said: str) -> None:
    assert error_of(run(daily)) == said


def test_an_output_that_no_format_holds_is_told_with_place_and_way_out(run: Runs) -> None:
    said = error_of(run(one(tasks.odd)))
    line = inspect.getsourcelines(tasks.odd.function)[1]
    assert f"tasks.py:{line}: no format can hold the output of task 't': result['rows'] is a set\n  Return sor" in said


def test_a_process_that_ends_before_its_task_does_is_a_failure_even_with_0(run: Runs) -> None:
    result = run(one(tasks.die))
    assert result.states == {"t": "failed"}
    assert "t" not in result
    assert not Path(result.paths.record("t")).exists()


def test_what_it_writes_to_stderr_is_shown(run: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    run(one(tasks.warn, "careful\n"))
    assert capfd.readouterr().err == "careful\n"


def test_what_it_writes_before_its_time_is_up_is_shown_too(run: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    @job
    def daily() -> int:
        return tasks.warn_and_hang.options(timeout=1.0)("careful\n")

    assert run(daily).states == {"warn_and_hang": "timed_out"}
    assert capfd.readouterr().err == "careful\n"


def test_the_manager_of_the_run_is_that_of_tasks_in_processes_too(run: Runs) -> None:
    @job
    def daily() -> str:
        return tasks.see(tasks.see.named("inner").options(timeout=30)(tasks.number()))

    assert run(daily, io=tasks.Prefixed("p:")).value == "p:\"'p:1'\""


def test_what_is_committed_stays_when_the_run_ends_its_processes(run: Runs) -> None:
    planned = plan(one(tasks.outlive, 60.0).body, {}, target=run.target)
    processes, errors = Processes(planned), list[BaseException]()

    def attempt() -> None:
        try:
            processes.run(planned.dag.task("t"), 1)
        except ProcessFailedError as error:
            errors.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    record = Path(planned.paths.record("t"))
    while not record.exists():
        time.sleep(0.01)
    processes.kill()
    thread.join()
    assert record.exists()
    assert "SIGKILL" in str(errors[0])
