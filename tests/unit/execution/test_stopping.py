"""A run that stops: at the first failure if asked to, and at Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import Retry, job, task
from lakewright.execution.events import TaskEvent
from lakewright.execution.result import RunInterruptedError, RunResult
from lakewright.execution.runner import run as run_plan
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from tests.unit.execution import tasks
from tests.unit.execution.runs import Executor, Runs, is_alive

# Ctrl-C arrives in a main thread, so a process of its own runs the job.
SCRIPT: Final = """
import sys
from lakewright import job, task
from lakewright.model.target import TargetValues
from tests.unit.execution import tasks

@task
def work() -> int:
    print("works", flush=True)
    return tasks.pause(float(sys.argv[2])) and 1

@job
def daily() -> int:
    done = tasks.add(work())
    tasks.number.named("queued")()
    return done

try:
    daily.execute(target=TargetValues(root=sys.argv[1]), max_workers=1, executor=sys.argv[3])
except KeyboardInterrupt as error:
    print(type(error).__name__, getattr(getattr(error, "result", None), "states", None), flush=True)
    raise
"""

INTERRUPTED: Final = """
from lakewright import job
from lakewright.model.target import TargetValues
from tests.unit.execution import tasks

@job
def daily() -> None:
    tasks.add(tasks.hang.options(executor="processes")(r"{folder}"))

daily.execute(target=TargetValues(root=r"{folder}/root"), executor="{executor}")
"""
EXITING: Final = """
from lakewright import job
from lakewright.model.target import TargetValues
from tests.unit.execution import tasks

@job
def daily() -> None:
    done = tasks.number()
    gone = tasks.die.after(done)()
    tasks.add(gone)

daily.execute(target=TargetValues(root=r"{root}"), executor="{executor}")
raise SystemExit("the run has ended")
"""
HANGING: Final = """
from pathlib import Path
from lakewright import job
from lakewright.model.target import TargetValues
from tests.unit.execution import tasks

@job
def daily() -> None:
    for name in ("shared", "own"):
        Path(r"{folder}", name).mkdir()
    tasks.hang.named("shared")(r"{folder}/shared")
    tasks.hang.named("own").options(timeout=600)(r"{folder}/own")

daily.execute(target=TargetValues(root=r"{folder}/root"), executor="processes")
"""


def nothing() -> None: ...


@task
def fail(seconds: float = 0.0) -> int:
    time.sleep(seconds)
    message = "no file today"
    raise ValueError(message)


def failing_fast(run: Runs, daily: Job[..., Any], *, max_workers: int = 2) -> RunResult[Any]:
    """A run that stops at the first failure."""
    planned = plan(daily.body, {}, target=run.target, max_workers=max_workers, listener=run.events.append)
    return run_plan(replace(planned, fails_fast=True))


def test_after_a_failure_nothing_more_starts_but_what_cleans_up_and_what_runs_ends(run: Runs) -> None:
    @job
    def daily() -> None:
        bad = fail(0.1)
        slow = tasks.pause(0.3)
        tasks.see.named("below")(bad)
        tasks.see.named("later")(slow)
        tasks.number.named("waits")()
        tasks.number.named("tidy").after(bad).options(run_if="all_done")()

    result = failing_fast(run, daily)
    assert result.states == {
        "fail": "failed",
        "pause": "success",
        "below": "upstream_failed",
        "later": "cancelled",
        "waits": "cancelled",
        "tidy": "success",
    }
    assert result.outcomes["waits"].reason == "cancelled: fail failed"
    assert [event.key for event in run.events if event.kind == "started"] == ["fail", "pause", "tidy"]
    assert [event.reason for event in run.events if event.kind == "stopping"] == ["cancelled: fail failed"]


@pytest.mark.parametrize("listens", [True, False])
def test_what_is_there_for_failures_runs_also_after_the_one_that_stops_a_run(run: Runs, *, listens: bool) -> None:
    tried: list[int] = []

    @task(run_if="all_done", retries=Retry(1, delay=0))
    def remove_scratch() -> int:
        tried.append(1)
        return tried[1]

    @job
    def daily() -> None:
        bad = fail()
        cancelled = tasks.number.named("cancelled")()
        tasks.number.named("alert").after(bad).options(run_if="one_failed")()
        tasks.number.named("alert_of_cancelled").after(cancelled).options(run_if="all_failed")()
        tasks.number.named("silent").after(tasks.pause(0.0)).options(run_if="one_failed")()
        tidied = remove_scratch.after(bad, cancelled)()
        tasks.number.named("behind").after(tidied)()

    planned = plan(daily.body, {}, target=run.target, max_workers=1)
    listener = run.events.append if listens else planned.listener
    result = run_plan(replace(planned, fails_fast=True, listener=listener))
    assert result.states == {
        "fail": "failed",
        "cancelled": "cancelled",
        "alert": "success",
        "alert_of_cancelled": "success",
        "pause": "cancelled",
        "silent": "success",
        "remove_scratch": "success",
        "behind": "cancelled",
    }
    assert len(tried) == 2


def test_what_is_there_for_failures_is_tried_again_also_when_another_task_stops_the_run(run: Runs) -> None:
    tried: list[int] = []

    @task(run_if="all_done", retries=Retry(1, delay=0.3))
    def remove_scratch() -> int:
        tried.append(1)
        return tried[1]

    @job
    def daily() -> None:
        remove_scratch.after(tasks.number())()
        fail(0.1)

    result = failing_fast(run, daily)
    assert result.states == {"number": "success", "remove_scratch": "success", "fail": "failed"}
    assert result.outcomes["remove_scratch"].attempts == 2


def test_whether_somebody_listens_does_not_matter(run: Runs) -> None:
    begun: list[int] = []

    @task
    def note(number: int) -> None:
        begun.append(number)

    @job
    def daily() -> None:
        fail(0.1)
        for number in range(5):
            note(number)

    planned = plan(daily.body, {}, target=run.target, max_workers=1)
    result = run_plan(replace(planned, fails_fast=True))
    assert begun == []
    assert list(result.states.values()) == ["failed", *["cancelled"] * 5]


def test_a_retry_is_no_failure_yet(run: Runs) -> None:
    tried: list[int] = []

    @task(retries=Retry(1, delay=0))
    def flaky() -> int:
        tried.append(1)
        if len(tried) == 1:
            raise ConnectionError
        return 1

    @job
    def daily() -> int:
        return tasks.add(flaky())

    assert failing_fast(run, daily).value == 11


def test_a_task_that_waits_for_its_retry_has_failed_when_the_run_stops(run: Runs) -> None:
    @job
    def daily() -> None:
        fail.named("first").options(retries=Retry(5, delay=60))()
        fail.named("second")(0.1)

    started = time.monotonic()
    result = failing_fast(run, daily)
    assert time.monotonic() - started < 30
    assert result.states == {"first": "failed", "second": "failed"}
    assert str(result.outcomes["first"].error) == "no file today"


def test_without_it_independent_branches_go_on(run: Runs) -> None:
    @job
    def daily() -> None:
        fail()
        tasks.add(tasks.number())

    assert run(daily, max_workers=1).states == {"fail": "failed", "number": "success", "add": "success"}


def interrupted(
    tmp_path: Path, seconds: float, times: int, *, executor: str = "threads"
) -> subprocess.CompletedProcess[str]:
    """A run that got Ctrl-C so many times while its task was at work."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "root"), str(seconds), executor]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "works\n"
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        out, err = process.communicate(timeout=30)
        return subprocess.CompletedProcess(command, process.returncode, out, err)


def test_the_first_interrupt_finishes_what_runs_and_starts_nothing_more(tmp_path: Path) -> None:
    done = interrupted(tmp_path, 0.5, 1)
    assert done.stdout == "RunInterruptedError {'work': 'success', 'add': 'cancelled', 'queued': 'cancelled'}\n"
    assert done.returncode != 0


def test_the_second_interrupt_ends_it(tmp_path: Path) -> None:
    started = time.monotonic()
    done = interrupted(tmp_path, 25.0, 2)
    assert time.monotonic() - started < 15
    assert done.stdout == "KeyboardInterrupt None\n"
    assert list((tmp_path / "root").rglob("records/*")) == []


def test_an_interrupt_as_the_last_task_ends_is_not_lost(tmp_path: Path) -> None:
    @job
    def daily() -> None:
        tasks.number()

    def interrupt(event: TaskEvent) -> None:
        if event.kind == "ended":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(RunInterruptedError) as caught:
        daily.execute(listener=interrupt, target=Runs(tmp_path).target)
    assert caught.value.result.states == {"number": "success"}


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_is_seen_though_it_reaches_a_thread_that_is_not_the_main_one(tmp_path: Path, times: int) -> None:
    """As one does that reaches the main thread right before it begins to wait: neither ends that wait."""
    told: list[str] = []

    @task
    def work() -> int:
        for _ in range(times):
            seen = len(told)
            time.sleep(0.1)  # by then the main thread waits
            signal.raise_signal(signal.SIGINT)
            while len(told) == seen and not (tmp_path / "over").exists():
                time.sleep(0.01)
        return 1

    @job
    def daily() -> int:
        return tasks.add(work())

    def tell(event: TaskEvent) -> None:
        told.extend([event.kind] * (event.kind == "stopping"))

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        daily.execute(listener=tell, target=Runs(tmp_path).target)
    (tmp_path / "over").touch()
    assert time.monotonic() - started < 10
    assert isinstance(caught.value, RunInterruptedError) == (times == 1)


@pytest.mark.parametrize("is_swallowed", [False, True])
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_second_interrupt_right_after_the_first_ends_it_whoever_swallows_it(
    tmp_path: Path, *, executor: Executor, is_swallowed: bool
) -> None:
    @job
    def daily() -> None:
        tasks.pause(25.0)

    def interrupt(event: TaskEvent) -> None:
        if event.kind == "started":
            signal.raise_signal(signal.SIGINT)
        elif event.kind == "stopping":
            with suppress(KeyboardInterrupt) if is_swallowed else nullcontext():
                signal.raise_signal(signal.SIGINT)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt) as caught:
        daily.execute(listener=interrupt, target=Runs(tmp_path).target, executor=executor)
    assert time.monotonic() - started < 15
    assert not isinstance(caught.value, RunInterruptedError)


def test_the_first_interrupt_lets_a_task_in_the_calling_thread_end(tmp_path: Path) -> None:
    done = interrupted(tmp_path, 0.5, 1, executor="serial")
    assert done.stdout == "RunInterruptedError {'work': 'success', 'add': 'cancelled', 'queued': 'cancelled'}\n"


def test_the_second_interrupt_ends_also_the_task_in_the_calling_thread(tmp_path: Path) -> None:
    started = time.monotonic()
    done = interrupted(tmp_path, 25.0, 2, executor="serial")
    assert time.monotonic() - started < 15
    assert done.stdout == "RunInterruptedError {'work': 'cancelled', 'add': 'upstream_failed', 'queued': 'cancelled'}\n"


def test_a_run_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    script = HANGING.format(folder=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environment) as process:
        started = [tmp_path / name / "attempt-1" for name in ("shared", "own")]
        ended = time.monotonic() + 30
        while not all(file.exists() and file.read_text(encoding="utf-8") for file in started):
            assert time.monotonic() < ended
            time.sleep(0.05)
        process.kill()
    pids = [int(pid) for file in started for pid in file.read_text(encoding="utf-8").split()]
    assert len(pids) == 4
    assert [pid for pid in pids if is_alive(pid)] == []


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_the_second_interrupt_ends_processes_too(tmp_path: Path, executor: str) -> None:
    script = INTERRUPTED.format(folder=str(tmp_path), executor=executor)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", script], env=environment, stderr=subprocess.DEVNULL) as process:
        file = tmp_path / "attempt-1"
        while not (file.exists() and file.read_text(encoding="utf-8")):
            assert time.monotonic() < started + 30
            time.sleep(0.05)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        assert process.wait(15) != 0
    assert [pid for pid in file.read_text(encoding="utf-8").split() if is_alive(int(pid))] == []


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_a_task_that_exits_the_process_of_the_run_leaves_what_was_done(tmp_path: Path, executor: str) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    script = EXITING.format(root=str(tmp_path), executor=executor)
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == 0
    assert [path.stem for path in tmp_path.rglob("records/*.json")] == ["number"]


def test_an_interrupted_run_is_an_interrupt_for_those_who_know_no_better() -> None:
    assert issubclass(RunInterruptedError, KeyboardInterrupt)
