"""`lakewright schedule`."""

import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from lakewright.cli.scheduling import keep
from lakewright.execution.remembering import StoredMemory
from lakewright.execution.rhythm import Every, rhythm
from lakewright.execution.store import FILE, RunStore
from lakewright.project import discovery
from lakewright.project.discovery import FoundJob
from lakewright.project.runs import Request
from tests.unit.cli.commands import Call
from tests.unit.project.repos import write

JOBS: Final = """
import time
from lakewright import Cron, context, job, task

@task
def load(month: int) -> int:
    (context().root / "begun").touch()
    time.sleep(0.2 if month == 1 else 0)
    if month > 12:
        raise ValueError(month)
    return month

@job(schedule=Cron("0 6 * * *", timezone="Europe/Berlin"))
def daily(month: int = 1) -> int:
    return load(month)

@job
def other() -> int:
    return load(2)
"""


class Clock:
    """Passes by waiting; ends like a user who has seen enough."""

    def __init__(self, start: float, *, waits: int) -> None:
        self.time, self._waits = start, waits

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, stop: threading.Event) -> None:  # noqa: ARG002  a user stops by Ctrl-C
        if not self._waits:
            raise KeyboardInterrupt
        self._waits -= 1
        self.time += seconds


@pytest.fixture
def file(tmp_path: Path) -> str:
    name = f"kept_{tmp_path.name.replace('-', '_')}.py"
    write(tmp_path, {name: JOBS})
    return name


@pytest.fixture
def daily(call: Call, file: str) -> FoundJob:
    assert call("show", f"{file}:daily").code == 0
    (found,) = discovery.resolve(f"{file}:daily", Path.cwd())
    return found


def test_it_says_what_runs_when_the_next_is_due_and_how_it_went(
    daily: FoundJob, capsys: pytest.CaptureFixture[str]
) -> None:
    code = keep(daily, Every(60), Request(parameters={"month": "3"}), clock=Clock(0.0, waits=2))
    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith(f"{daily.reference} month=3   every 60 s   Ctrl-C ends it\n")
    assert said.count("next run 1970-01-01 ") == 3
    assert "in 1 min 0 s" in said
    assert said.count("✔ load") == 2
    assert said.endswith("2 runs · 0 skipped · 0 missed\n")


def test_failed_runs_are_counted_and_the_schedule_goes_on(daily: FoundJob, capsys: pytest.CaptureFixture[str]) -> None:
    assert keep(daily, Every(60), Request(parameters={"month": "13"}), clock=Clock(0.0, waits=2)) == 0
    said = capsys.readouterr().out
    assert "ValueError: 13" in said
    assert said.endswith("2 runs (2 failed) · 0 skipped · 0 missed\n")


def test_a_restart_tells_what_was_missed(daily: FoundJob, capsys: pytest.CaptureFixture[str]) -> None:
    keep(daily, Every(60), Request(), clock=Clock(0.0, waits=1))
    keep(daily, Every(60), Request(), clock=Clock(1000.0, waits=0))
    said = capsys.readouterr().out
    assert "missed 14 due times that passed while nothing kept the schedule: one run makes up for them" in said
    assert said.endswith("1 run · 0 skipped · 14 missed\n")


def test_every_run_is_in_the_store(daily: FoundJob, call: Call) -> None:
    keep(daily, Every(60), Request(parameters={"month": "3"}), clock=Clock(0.0, waits=3))
    assert call("runs", "list", "--format", "json").out.count('"month": "3"') == 3


def test_what_is_never_due_is_told(daily: FoundJob, capsys: pytest.CaptureFixture[str]) -> None:
    assert keep(daily, rhythm(cron="0 0 0 1 1 ? 1970"), Request(), clock=Clock(0.0, waits=1)) == 0
    assert "nothing is due within 8 years" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--every", "60", "--cron", "0 6 * * *"], "--every and --cron do not go together"),
        (["--every", "0"], "0.0 is not an interval"),
        (["--cron", "0 25 * * *"], "cron '0 25 * * *': '25' is no hour (0-23)"),
        (["--cron", "0 6 * * *", "--timezone", "Europe/Belrin"], "did you mean 'Europe/Berlin'?"),
        (["-p", "month=next"], "parameter 'month': 'next' is not"),
        (["-p", "mnth=1"], "did you mean 'month'?"),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_waited_for(
    *, call: Call, file: str, arguments: list[str], message: str
) -> None:
    ended = call("schedule", f"{file}:daily", *arguments)
    assert ended.code == 2
    assert message in ended.err


def test_a_job_without_a_schedule_needs_one(call: Call, file: str) -> None:
    ended = call("schedule", f"{file}:other")
    assert ended.code == 2
    assert "job 'other' has no schedule of its own" in ended.err
    assert "--every SECONDS" in ended.err


def test_a_schedule_that_another_process_keeps_is_refused(call: Call, file: str, tmp_path: Path) -> None:
    other = StoredMemory(str(tmp_path / ".lakewright"), f"{file}:daily, 0 6 * * * Europe/Berlin")
    ended = call("schedule", f"{file}:daily")
    other.close()
    assert ended.code == 1
    assert "is already kept by another process" in ended.err


class Started:
    """Schedules in processes of their own."""

    def __init__(self, file: str, folder: Path) -> None:
        self._file, self._folder = file, folder

    def __call__(self, *arguments: str) -> "subprocess.Popen[str]":
        script = "import sys; from lakewright.cli import main; sys.argv[0] = 'lakewright'; main()"
        command = [sys.executable, "-c", script, "schedule", f"{self._file}:daily", *arguments]
        return subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE, encoding="utf-8")


@pytest.fixture
def started(file: str, tmp_path: Path) -> Started:
    return Started(file, tmp_path)


def test_ctrl_c_ends_it_cleanly_while_it_waits_and_while_it_runs(started: Started, tmp_path: Path) -> None:
    with started() as waiting:
        assert waiting.stdout is not None
        assert any("next run" in line for line in waiting.stdout)
        waiting.send_signal(signal.SIGINT)
        assert waiting.stdout.read().endswith("0 runs · 0 skipped · 0 missed\n")
    assert waiting.returncode == 0

    with started("--every", "0.1") as running:
        assert running.stdout is not None
        while not (tmp_path / ".lakewright" / "begun").exists():
            threading.Event().wait(0.01)
        running.send_signal(signal.SIGINT)
        assert running.stdout.read().endswith("1 run · 0 skipped · 0 missed\n")
    assert running.returncode == 130
    (run,) = RunStore(tmp_path / ".lakewright" / FILE).runs()
    assert run.status == "success"


def test_after_a_kill_it_is_kept_again_in_the_rhythm_it_had(started: Started, tmp_path: Path) -> None:
    def known(process: "subprocess.Popen[str]", *, until: str) -> tuple[float, float]:
        assert process.stdout is not None
        assert any(until in line for line in process.stdout)
        process.kill()
        with closing(sqlite3.connect(tmp_path / ".lakewright" / FILE)) as store:
            anchor, last = store.execute("SELECT anchor, last_due FROM schedules").fetchone()
        return float(anchor), float(last)

    with started("--every", "0.5", "-p", "month=2") as first:
        anchor, last = known(first, until="✔ 1 task")
    with started("--every", "0.5", "-p", "month=2") as second:
        anchor_then, last_then = known(second, until="✔ 1 task")
    assert anchor_then == anchor
    assert last_then > last
    assert (last_then - anchor) / 0.5 == pytest.approx(round((last_then - anchor) / 0.5))
