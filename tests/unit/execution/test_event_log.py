"""Events as JSON lines: each line says what there is to say, in order."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright import Retry, context, job, task
from lakewright.errors.running import OutputError
from lakewright.execution.event_log import COMMON, EVENTS, EventLog
from lakewright.execution.events import TaskEvent
from lakewright.execution.plan import RunPlan
from lakewright.execution.result import RunResult
from lakewright.execution.runner import run as run_plan
from lakewright.io.paths import RunPaths
from lakewright.model.states import State
from lakewright.pipelines.arguments import plan
from tests.unit.execution import tasks
from tests.unit.execution.runs import Runs

NOON: Final = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


@task(retries=Retry(1, delay=0.01))
def flaky(month: int) -> int:
    context().logger.info("a line of its log")
    if context().attempt == 1:
        message = "gone"
        raise ConnectionError(message)
    return month


@job
def daily(month: int = 1) -> None:
    tasks.see(tasks.fail.after(flaky(month))())


def planned(run: Runs) -> RunPlan:
    return plan(daily.body, {}, target=run.target, run_id="r1", max_workers=1)


def log_of(path: Path, what: RunPlan, *, warn: Callable[[str], None] = pytest.fail) -> EventLog:
    """The events of a run in a file, all of them at noon."""
    tasks, texts = what.dag.nodes, what.parameter_texts
    return EventLog(str(path), what.paths, parameters=texts, tasks=tasks, warn=warn, now=lambda: NOON)


def told(run: Runs, path: Path, *, warn: Callable[[str], None] = pytest.fail) -> RunResult[Any]:
    """A run of the job whose events go to a file."""
    what = planned(run)
    with log_of(path, what, warn=warn) as log:
        result = run_plan(replace(what, listener=log.listen, keeps_logs=True))
        log.end(result)
    return result


def content(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def lines(run: Runs, tmp_path: Path) -> list[dict[str, Any]]:
    """What a run of the job writes."""
    told(run, tmp_path / "events.jsonl")
    return content(tmp_path / "events.jsonl")


def test_every_line_says_when_and_of_which_run(lines: list[dict[str, Any]]) -> None:
    head = {"at": "2026-11-20T12:00:00+00:00", "job": "daily", "run": "r1"}
    assert all(line.items() >= head.items() for line in lines)


def test_lines_come_in_order_and_hold_what_there_is_to_say(lines: list[dict[str, Any]]) -> None:
    left_out = {"at", "job", "run", "seconds", "log"}
    assert [{name: line[name] for name in line if name not in left_out} for line in lines] == [
        {"event": "run_started", "schema": 1, "parameters": {"month": "1"}, "tasks": ["flaky", "fail", "see"]},
        {"event": "started", "task": "flaky", "attempt": 1, "state": "running"},
        {
            "event": "retrying",
            "task": "flaky",
            "attempt": 1,
            "state": "failed",
            "wait": 0.01,
            "error": "ConnectionError: gone",
        },
        {"event": "started", "task": "flaky", "attempt": 2, "state": "running"},
        {"event": "ended", "task": "flaky", "attempt": 2, "state": "success"},
        {"event": "started", "task": "fail", "attempt": 1, "state": "running"},
        {"event": "ended", "task": "fail", "attempt": 1, "state": "failed", "error": "ValueError: no file today"},
        {"event": "ended", "task": "see", "state": "upstream_failed", "reason": "upstream failed: fail"},
        {"event": "run_ended", "status": "failed", "leaf_status": "failed"},
    ]


def test_what_took_time_says_how_long(lines: list[dict[str, Any]]) -> None:
    timed = [(line["event"], line.get("task")) for line in lines if "seconds" in line]
    assert timed == [("retrying", "flaky"), ("ended", "flaky"), ("ended", "fail"), ("run_ended", None)]


def test_an_attempt_that_wrote_something_names_its_log(lines: list[dict[str, Any]], run: Runs) -> None:
    paths = RunPaths(run.target.root, "daily", "r1")
    logs = {(line["event"], line["task"], line["attempt"]): line["log"] for line in lines if "log" in line}
    assert logs == {
        ("retrying", "flaky", 1): paths.log("flaky", 1),
        ("ended", "flaky", 2): paths.log("flaky", 2),
    }


def test_a_line_has_the_fields_of_its_event_and_no_other(lines: list[dict[str, Any]]) -> None:
    assert [line for line in lines if not line.keys() <= {*COMMON, *EVENTS[line["event"]]}] == []


def test_runs_follow_each_other_in_a_file(run: Runs, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"event": "of before"}\n', encoding="utf-8")
    event = TaskEvent(kind="stopping", key="", state=State.CANCELLED, reason="cancelled: enough")
    with log_of(path, planned(run)) as log:
        log.listen(event)
    assert [line["event"] for line in content(path)] == ["of before", "run_started", "stopping"]
    assert content(path)[-1].items() >= {"state": "cancelled", "reason": "cancelled: enough"}.items()


def test_a_file_that_cannot_be_opened_is_an_error_with_its_place(run: Runs, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*/nowhere/events.jsonl: No such file or directory"):
        log_of(tmp_path / "nowhere" / "events.jsonl", planned(run))


def test_a_full_disk_is_told_once_and_the_run_goes_on(run: Runs) -> None:
    warnings: list[str] = []
    result = told(run, Path("/dev/full"), warn=warnings.append)
    assert warnings == ["no more events are written to /dev/full: No space left on device; the run goes on"]
    assert result.states == {"flaky": "success", "fail": "failed", "see": "upstream_failed"}


def test_a_reader_that_leaves_ends_the_events_and_not_the_run(run: Runs, tmp_path: Path) -> None:
    path, warnings = tmp_path / "pipe", list[str]()
    os.mkfifo(path)

    def read_a_little() -> None:
        with path.open("rb") as reader:
            assert reader.readline()

    reader = threading.Thread(target=read_a_little)
    reader.start()
    what = planned(run)
    with log_of(path, what, warn=warnings.append) as log:
        reader.join()
        result = run_plan(replace(what, listener=log.listen))
        log.end(result)
    assert warnings == [f"no more events are written to {path}: {os.strerror(errno.EPIPE)}; the run goes on"]
    assert result.states["flaky"] == "success"


KILLED: Final = """
import os, sys
from lakewright import job, task
from lakewright.execution.event_log import EventLog
from lakewright.execution.runner import run
from lakewright.pipelines.arguments import plan
from dataclasses import replace

@task
def first() -> int:
    return 1

@task
def die(number: int) -> None:
    os.kill(os.getpid(), 9)

@job
def daily() -> None:
    die(first())

planned = plan(daily.body, {}, max_workers=1)
with EventLog(sys.argv[1], planned.paths, parameters={}, tasks=planned.dag.nodes, warn=print) as log:
    run(replace(planned, listener=log.listen))
"""


def test_what_happened_outlives_a_process_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script), "events.jsonl"], cwd=tmp_path, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert [(line["event"], line.get("task")) for line in content(tmp_path / "events.jsonl")] == [
        ("run_started", None), ("started", "first"), ("ended", "first"), ("started", "die"),
    ]  # fmt: skip  # in order
