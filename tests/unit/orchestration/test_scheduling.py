"""`schedule_pipeline`."""

import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

import pytest

from lakewright.errors.authoring import SettingError
from lakewright.errors.running import ScheduleError
from lakewright.orchestration import Pipeline, Task, schedule_pipeline
from tests.unit.orchestration.scheduled_jobs import daily

SCRIPT: Final = """
import logging, sys
from lakewright import job, task
from lakewright.orchestration import Pipeline, Task, schedule_pipeline

@task
def load() -> int:
    print("ran", flush=True)
    return 1

@job
def often() -> int:
    return load()

schedule = schedule_pipeline(often, interval_seconds=0.2)
print("after", schedule.counts.failed, flush=True)
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


def test_it_runs_until_ctrl_c_and_returns_what_it_did() -> None:
    schedule = schedule_pipeline(daily, interval_seconds=60, clock=Clock(0.0, waits=3))
    assert (schedule.counts.started, schedule.counts.failed) == (3, 0)
    assert len(list(Path(".lakewright", "runs", "daily").iterdir())) == 3


def test_a_pipeline_by_hand_is_run_too() -> None:
    load = Task("load", lambda: 1)
    schedule = schedule_pipeline(Pipeline("by-hand").add_task(load), interval_seconds=60, clock=Clock(0.0, waits=2))
    assert (schedule.counts.started, schedule.counts.failed, load.status) == (2, 0, "SUCCESS")


def test_what_cannot_run_is_refused() -> None:
    with pytest.raises(SettingError, match="pipeline=5 is not a job or a pipeline"):
        schedule_pipeline(5, interval_seconds=60)  # type: ignore[arg-type]


def test_cron_decides_when_it_is_given() -> None:
    clock = Clock(0.0, waits=2)
    schedule_pipeline(daily, cron="0 6 * * *", clock=clock)
    assert clock.time == (24 + 6) * 3600.0


def test_failures_are_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    failing: Any = daily.bind(month=13)
    schedule = schedule_pipeline(failing, interval_seconds=60, clock=Clock(0.0, waits=2))
    assert schedule.counts.failed == 2
    assert [record.name for record in caplog.records if record.levelno == logging.ERROR] == [
        "lakewright.schedule.daily"
    ] * 2
    assert "ValueError: 13" in caplog.text


def test_a_restart_goes_on_and_tells_what_was_missed(caplog: pytest.LogCaptureFixture) -> None:
    schedule_pipeline(daily, interval_seconds=60, clock=Clock(0.0, waits=1))
    schedule = schedule_pipeline(daily, interval_seconds=60, clock=Clock(1000.0, waits=0))
    assert (schedule.counts.started, schedule.counts.missed) == (1, 14)
    assert "missed 14 due times" in caplog.text


def test_in_the_background_it_is_stopped_within_a_second() -> None:
    schedule = schedule_pipeline(daily, interval_seconds=3600, blocking=False)
    with pytest.raises(ScheduleError, match=r"'.*:daily, every 3600 s' is already kept"):
        schedule_pipeline(daily, interval_seconds=3600, blocking=False)
    started = time.perf_counter()
    schedule.stop()
    assert time.perf_counter() - started < 1
    schedule_pipeline(daily, interval_seconds=3600, blocking=False).stop()


def test_other_bound_values_are_another_schedule() -> None:
    january = schedule_pipeline(daily.bind(month=1), interval_seconds=3600, blocking=False)
    february = schedule_pipeline(daily.bind(month=2), interval_seconds=3600, blocking=False)
    with pytest.raises(ScheduleError, match=r"scheduled_jobs\.py:daily month=2, every 3600 s' is already kept"):
        schedule_pipeline(daily.bind(month=2), interval_seconds=3600, blocking=False)
    january.stop()
    february.stop()


def test_jobs_of_one_name_in_two_programs_are_two_schedules(tmp_path: Path) -> None:
    def start(name: str) -> subprocess.Popen[str]:
        (tmp_path / name).write_text(SCRIPT, encoding="utf-8")
        return subprocess.Popen([sys.executable, name], stdout=subprocess.PIPE, encoding="utf-8")

    with start("first.py") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "ran\n"
        with start("second.py") as second:
            assert second.stdout is not None
            told = second.stdout.readline()
            second.send_signal(signal.SIGINT)
        first.send_signal(signal.SIGINT)
    assert told == "ran\n"


@pytest.mark.parametrize("given", [{}, {"interval_seconds": 60, "cron": "0 6 * * *"}, {"cron": "0 6 * *"}])
def test_what_is_no_schedule_is_a_value_error(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="cron"):
        schedule_pipeline(daily, **given)


def test_ctrl_c_ends_a_program_cleanly(tmp_path: Path) -> None:
    (tmp_path / "often.py").write_text(SCRIPT, encoding="utf-8")
    with subprocess.Popen([sys.executable, "often.py"], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["ran\n", "ran\n"]
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("after 0\n")
    assert process.returncode == 0


def test_two_pipelines_of_one_name_in_one_file_keep_schedules_of_their_own() -> None:
    ran: list[str] = []

    def scheduled(name: str) -> Any:  # noqa: ANN401  a schedule
        task = Task(name, lambda: ran.append(name))
        return schedule_pipeline(Pipeline("etl").add_task(task), interval_seconds=60, blocking=False)

    first = scheduled("one")
    try:
        second = scheduled("other")
        second.stop()
        with pytest.raises(ScheduleError, match="another"):
            scheduled("one")
    finally:
        first.stop()
