"""Schedules on a clock that the test moves."""

import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from lakewright.errors.running import ScheduleError
from lakewright.execution.schedule import Schedule, by_calendar, every
from lakewright.execution.store import RunStore
from lakewright.model.calendar import Calendar


class FakeClock:
    """Time that passes only by waiting; it stops the schedule after a number of waits."""

    def __init__(self, start: float, *, waits: int) -> None:
        self.time = start
        self.waited: list[float] = []
        self._waits = waits

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if len(self.waited) == self._waits:
            stop.set()
            return True
        self.waited.append(seconds)
        self.time += max(0.0, seconds)
        return False


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    opened = RunStore(tmp_path / "runs.sqlite")
    yield opened
    opened.close()


def run(schedule: Schedule) -> Schedule:
    schedule.run()
    schedule.stop()
    return schedule


def test_the_first_run_is_one_interval_after_the_start_and_the_rate_is_fixed() -> None:
    clock = FakeClock(1000.0, waits=3)
    schedule = run(Schedule("daily", every(60, anchor=1000.0), lambda: None, anchor=1000.0, clock=clock))
    assert clock.waited == [60.0, 60.0, 60.0]
    assert schedule.counts.started + schedule.counts.skipped == 3


def test_the_calendar_decides_when_it_is_given() -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=timezone.utc).timestamp()
    clock = FakeClock(start, waits=2)
    due = by_calendar(Calendar.parse("0 0 6 * * ?"), timezone.utc)
    run(Schedule("daily", due, lambda: None, anchor=start, clock=clock))
    assert clock.waited == [18 * 3600.0, 24 * 3600.0]


def test_a_run_that_is_due_while_one_runs_is_skipped_and_counted() -> None:
    release = threading.Event()
    clock = FakeClock(0.0, waits=4)
    schedule = Schedule("slow", every(60, anchor=0.0), release.wait, anchor=0.0, clock=clock)
    schedule.run()
    release.set()
    schedule.stop()
    assert (schedule.counts.started, schedule.counts.skipped) == (1, 3)


def test_missed_runs_are_counted_and_not_made_up_for(store: RunStore) -> None:
    store.put_schedule("daily", anchor=0.0, last_due=600.0)
    clock = FakeClock(1000.0, waits=1)
    schedule = run(Schedule("daily", every(60, anchor=0.0), lambda: None, anchor=0.0, clock=clock, memory=store))
    assert (schedule.counts.missed, schedule.counts.started) == (5, 1)
    assert clock.waited == [-40.0]


def test_a_restart_goes_on_with_the_rhythm_it_had(store: RunStore) -> None:
    first = FakeClock(0.0, waits=2)
    run(Schedule("daily", every(60, anchor=0.0), lambda: None, anchor=0.0, clock=first, memory=store))
    assert store.schedule("daily") == (0.0, 120.0)
    second = FakeClock(150.0, waits=1)
    run(Schedule("daily", every(60, anchor=0.0), lambda: None, anchor=0.0, clock=second, memory=store))
    assert second.waited == [30.0]


def test_a_clock_that_is_set_back_never_repeats_a_run() -> None:
    class SetBack(FakeClock):
        def wait(self, seconds: float, stop: threading.Event) -> bool:
            stopped = super().wait(seconds, stop)
            if len(self.waited) == 2:
                self.time -= 90
            return stopped

    clock = SetBack(0.0, waits=4)
    schedule = run(Schedule("daily", every(60, anchor=0.0), lambda: None, anchor=0.0, clock=clock))
    assert schedule.counts.started + schedule.counts.skipped == 3
    assert clock.waited == [60.0, 60.0, 90.0, 60.0]


def test_a_schedule_that_is_never_due_again_ends() -> None:
    clock = FakeClock(0.0, waits=9)
    run(Schedule("once", lambda after: 5.0 if after < 5 else None, lambda: None, anchor=0.0, clock=clock))
    assert clock.waited == [5.0]


def test_an_action_that_fails_does_not_end_the_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)

    def fail() -> None:
        message = "no"
        raise ValueError(message)

    schedule = run(Schedule("bad", every(60, anchor=0.0), fail, anchor=0.0, clock=FakeClock(0.0, waits=2)))
    assert schedule.counts.started + schedule.counts.skipped == 2
    assert failures


def test_in_the_background_it_stops_at_once() -> None:
    schedule = Schedule("daily", every(3600, anchor=0.0), lambda: None, anchor=0.0).start()
    schedule.stop()
    assert not any(thread.name == "schedule daily" for thread in threading.enumerate())


@pytest.mark.parametrize("seconds", [0, -1, True, float("nan")])
def test_an_interval_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ScheduleError, match="is not a number of seconds above 0"):
        every(seconds, anchor=0.0)
