"""A run that keeps logs: what each attempt prints is its own, wherever it runs."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakewright import Retry, context, job, task
from lakewright.execution.log_files import END_BYTES, MAX_BYTES, tail
from lakewright.execution.result import RunResult
from lakewright.execution.runner import run as run_plan
from lakewright.model.task import EXECUTORS
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.job import Job
from lakewright.text.exceptions import said
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs


def logged(run: Runs, job: Job[..., Any], *, executor: str = "threads") -> RunResult[Any]:
    """A run that keeps logs."""
    return run_plan(replace(plan(job.body, {}, target=run.target), keeps_logs=True, executor=executor))


def log(result: RunResult[Any], key: str, attempt: int = 1) -> str:
    return Path(result.paths.log(key, attempt)).read_text(encoding="utf-8")


@job
def chatty() -> None:
    tasks.chat.named("here")(True)  # noqa: FBT003  it fails
    tasks.chat.named("there").options(timeout=30)(True)  # noqa: FBT003  it fails
    tasks.number.named("quiet_here")()
    tasks.number.named("quiet_there").options(timeout=30)()


def test_what_tasks_print_is_in_their_logs_and_nowhere_else(run: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    result = logged(run, chatty)
    assert log(result, "here") == "to stdout\nto stderr\n"
    assert log(result, "there") == "to stdout\nto stderr\n"
    assert (capfd.readouterr().out, capfd.readouterr().err) == ("", "")
    error = result.outcomes["there"].error
    assert error is not None
    assert said(error) == "ValueError: no file today"


def test_a_task_that_is_silent_has_no_log(run: Runs) -> None:
    result = logged(run, chatty)
    folder = Path(result.paths.folder) / "logs"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.log")) == [
        "here/1.log",
        "there/1.log",
    ]


def test_each_attempt_has_a_log_of_its_own(run: Runs) -> None:
    @task(retries=Retry(1, delay=0))
    def flaky() -> None:
        context().logger.info("attempt %s", context().attempt)
        if context().attempt == 1:
            raise ConnectionError

    @job
    def daily() -> None:
        flaky()

    result = logged(run, daily)
    assert log(result, "flaky", 1).endswith("INFO lakewright.daily.flaky: attempt 1\n")
    assert log(result, "flaky", 2).endswith("INFO lakewright.daily.flaky: attempt 2\n")
    assert result.outcomes["flaky"].last_attempt == 2


def test_what_a_task_wrote_before_its_time_was_up_is_kept(run: Runs) -> None:
    @job
    def daily() -> None:
        tasks.warn_and_hang.options(timeout=1.0)("careful")

    assert log(logged(run, daily), "warn_and_hang") == "careful"


def test_a_run_that_keeps_no_logs_leaves_prints_where_they_go(run: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    @job
    def daily() -> None:
        tasks.chat()

    result = run(daily)
    assert capsys.readouterr() == ("to stdout\n", "to stderr\n")
    assert not (Path(result.paths.folder) / "logs").exists()


def test_streams_are_given_back_after_the_run(run: Runs) -> None:
    before = (sys.stdout, sys.stderr)
    logged(run, chatty)
    assert (sys.stdout, sys.stderr) == before


@job
def loud() -> None:
    tasks.shout()


def test_in_a_process_whatever_writes_is_captured(run: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    result = logged(run, loud, executor="processes")
    lines = Path(result.paths.log("shout", 1)).read_bytes().splitlines()
    assert lines[0].endswith(b"INFO lakewright.loud.shout: to the logger")
    assert lines[1:] == [b"to the descriptor", b"from a child", b"no text: \xff"]
    assert (result.status, capfd.readouterr()) == ("success", ("", ""))


def test_on_a_thread_what_goes_past_python_is_not(run: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    result = logged(run, loud)
    lines = Path(result.paths.log("shout", 1)).read_bytes().splitlines()
    assert lines[0].endswith(b"INFO lakewright.loud.shout: to the logger")
    assert lines[1:] == [b"no text: \xff"]
    assert (result.status, capfd.readouterr()) == ("success", ("to the descriptor\nfrom a child\n", ""))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_the_log_of_a_task_that_prints_a_lot_is_bounded(run: Runs, executor: str) -> None:
    @job
    def floods() -> None:
        tasks.flood(12)

    path = logged(run, floods, executor=executor).paths.log("flood", 1)
    assert MAX_BYTES < Path(path).stat().st_size < MAX_BYTES + 3 * END_BYTES
    assert Path(path).read_bytes().startswith(b"megabyte 0\n")
    assert tail(path, 1)[0].endswith("xxx")
