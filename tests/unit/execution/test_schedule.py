"""Schedules on a clock that the test moves."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakewright.execution.remembering import StoredMemory
from lakewright.execution.rhythm import Every, rhythm
from lakewright.execution.schedule import Memory, Schedule, SystemClock, Tick
from lakewright.io.files import put


class FakeClock:
    """Time that passes only by waiting and by what actions take; after its last moment it stops the schedule."""

    def __init__(self, start: float, *, until: float) -> None:
        self.time = start
        self._until = until

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, stop: threading.Event) -> None:
        self.time += seconds
        if self.time > self._until:
            stop.set()


class RemindedMemory:
    """Knows what a test tells it; implements `Memory`."""

    def __init__(self, anchor: float, last_due: float) -> None:
        self.known = (anchor, last_due)
        self.closed = False

    def recall(self) -> tuple[float, float]:
        return self.known

    def keep(self, *, anchor: float, last_due: float) -> None:
        self.known = (anchor, last_due)

    def close(self) -> None:
        self.closed = True


class Runs:
    """A schedule that has run its time: when its runs began, and what it told."""

    def __init__(
        self,
        clock: FakeClock,
        *,
        seconds: float = 60,
        takes: float = 0,
        memory: Memory | None = None,
        succeeds: Callable[[], bool] = lambda: True,
    ) -> None:
        self.begun: list[float] = []
        self.told: list[Tick] = []
        self._clock, self._takes, self._succeeds = clock, takes, succeeds
        given = {} if memory is None else {"memory": memory}
        self.schedule = Schedule(Every(seconds), self._act, clock=clock, listener=self.told.append, **given)
        self.schedule.run()
        self.counts = self.schedule.counts

    def _act(self) -> bool:
        self.begun.append(self._clock.time)
        self._clock.time += self._takes
        return self._succeeds()


def test_the_first_run_is_one_interval_after_the_start_and_the_rate_is_fixed() -> None:
    runs = Runs(FakeClock(1000.0, until=1240.0), takes=7)
    assert runs.begun == [1060.0, 1120.0, 1180.0, 1240.0]
    assert runs.told == [Tick("waiting", due) for due in (1060.0, 1120.0, 1180.0, 1240.0, 1300.0)]


def test_the_calendar_decides_when_it_is_given() -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=timezone.utc).timestamp()
    clock = FakeClock(start, until=start + 2 * 86400)
    told: list[Tick] = []
    Schedule(rhythm(cron="0 0 6 * * ?"), lambda: True, clock=clock, listener=told.append).run()
    assert [tick.due - start for tick in told] == [18 * 3600.0, 42 * 3600.0, 66 * 3600.0]


def test_due_times_that_pass_while_a_run_goes_on_are_skipped_and_counted() -> None:
    runs = Runs(FakeClock(0.0, until=400.0), takes=150)
    assert runs.begun == [60.0, 240.0]
    assert (runs.counts.started, runs.counts.skipped, runs.counts.missed) == (2, 4, 0)
    assert Tick("skipped", times=2) in runs.told


def test_a_run_that_ends_as_the_next_is_due_skips_it() -> None:
    assert Runs(FakeClock(0.0, until=200.0), takes=60).begun == [60.0, 180.0]


def test_of_missed_due_times_the_latest_is_made_up_for_at_once() -> None:
    runs = Runs(FakeClock(1000.0, until=1019.0), memory=RemindedMemory(0.0, 600.0))
    assert runs.begun == [1000.0]
    assert (runs.counts.missed, runs.counts.started) == (5, 1)
    assert runs.told[0] == Tick("missed", times=5)


def test_a_machine_that_slept_makes_up_for_one_run() -> None:
    class Sleepy(FakeClock):
        def wait(self, seconds: float, stop: threading.Event) -> None:
            super().wait(seconds + (1000 if self.time == 60 else 0), stop)

    runs = Runs(Sleepy(0.0, until=1140.0))
    assert runs.begun == [60.0, 1120.0, 1140.0]
    assert runs.counts.missed == 16


def test_a_restart_goes_on_with_the_rhythm_it_had(tmp_path: Path) -> None:
    first = Runs(FakeClock(1000.0, until=1120.0), memory=StoredMemory(str(tmp_path), "daily"))
    second = Runs(FakeClock(1150.0, until=1240.0), memory=StoredMemory(str(tmp_path), "daily"))
    assert (first.begun, second.begun) == ([1060.0, 1120.0], [1180.0, 1240.0])


def test_a_run_is_never_repeated_by_a_restart_that_follows_a_kill_during_it(tmp_path: Path) -> None:
    class KilledError(Exception):
        pass

    def die() -> bool:
        raise KilledError

    memory = StoredMemory(str(tmp_path), "daily")
    with pytest.raises(KilledError):
        Runs(FakeClock(0.0, until=60.0), memory=memory, succeeds=die)
    assert Runs(FakeClock(61.0, until=121.0), memory=StoredMemory(str(tmp_path), "daily")).begun == [120.0]


def test_a_clock_that_is_set_back_a_little_repeats_no_run() -> None:
    class SetBack(FakeClock):
        def wait(self, seconds: float, stop: threading.Event) -> None:
            super().wait(seconds - (30 if self.time == 120 else 0), stop)

    assert Runs(SetBack(0.0, until=240.0)).begun == [60.0, 120.0, 180.0, 240.0]


def test_a_restart_on_a_clock_that_was_set_back_a_little_repeats_no_run() -> None:
    assert Runs(FakeClock(598.0, until=700.0), memory=RemindedMemory(0.0, 600.0)).begun == [660.0]


def test_a_clock_that_was_years_ahead_does_not_silence_a_schedule() -> None:
    assert Runs(FakeClock(100.0, until=300.0), memory=RemindedMemory(0.0, 3e8)).begun == [180.0, 240.0, 300.0]


def test_after_a_long_absence_counting_ends() -> None:
    runs = Runs(FakeClock(1e9, until=1e9 + 60), seconds=1, memory=RemindedMemory(0.0, 0.0))
    assert runs.begun[0] == 1e9 + 1
    assert runs.counts.missed == 9999


def test_a_schedule_that_is_never_due_again_says_so_and_ends() -> None:
    told: list[Tick] = []
    start = datetime(2026, 12, 31, tzinfo=timezone.utc).timestamp()
    memory = RemindedMemory(start, start)
    clock = FakeClock(start, until=9e9)
    once = rhythm(cron="0 0 0 1 1 ? 2027")
    Schedule(once, lambda: True, clock=clock, memory=memory, listener=told.append).run()
    assert [tick.kind for tick in told] == ["waiting", "over"]
    assert memory.closed


def test_failures_are_counted_and_do_not_end_it() -> None:
    runs = Runs(FakeClock(0.0, until=180.0), succeeds=lambda: False)
    assert (runs.counts.started, runs.counts.failed) == (3, 3)


def test_in_the_background_it_stops_at_once() -> None:
    schedule = Schedule(Every(3600), lambda: True).start()
    started = time.perf_counter()
    schedule.stop()
    assert time.perf_counter() - started < 1
    assert not any(thread.name == "schedule every 3600 s" for thread in threading.enumerate())


def test_stopping_does_not_wait_for_a_run_and_joining_does() -> None:
    begun, release = threading.Event(), threading.Event()

    def act() -> bool:
        begun.set()
        return release.wait()

    schedule = Schedule(Every(0.01), act).start()
    assert begun.wait(10)
    started = time.perf_counter()
    schedule.stop()
    assert time.perf_counter() - started < 1
    assert schedule.counts.failed == 0
    release.set()
    schedule.join()
    assert schedule.counts.started == 1


def test_this_machines_clock_is_that_of_its_files(tmp_path: Path) -> None:
    put(str(tmp_path / "now"), b"")
    assert abs(SystemClock().now() - (tmp_path / "now").stat().st_mtime) < 60


@given(
    seconds=st.integers(1, 100),
    takes=st.integers(0, 500),
    last=st.integers(0, 10_000),
    away=st.integers(0, 9_000),  # as far as missed ones are counted one by one
)
def test_every_due_time_is_heeded_once(*, seconds: int, takes: int, last: int, away: int) -> None:
    clock = FakeClock(last + away, until=last + away + 2000)
    counts = Runs(clock, seconds=seconds, takes=takes, memory=RemindedMemory(last, last)).counts
    # It was stopped while it waited for the last one.
    assert counts.started + counts.skipped + counts.missed == (clock.time - last) // seconds - 1


@given(seconds=st.integers(1, 100), takes=st.integers(0, 500))
def test_no_run_begins_before_the_one_before_it_has_ended(seconds: int, takes: int) -> None:
    begun = Runs(FakeClock(0, until=2000), seconds=seconds, takes=takes).begun
    assert all(later - earlier >= takes for earlier, later in pairwise(begun))


def test_the_clock_of_the_machine_waits_for_no_longer_than_a_ctrl_c_may_go_unseen() -> None:
    started = time.monotonic()
    SystemClock().wait(3600.0, threading.Event())
    assert time.monotonic() - started < 30
