"""Running something again and again: at a fixed rate or by the calendar.

The first run is one interval after the start. A run that is due while the one before it still runs is skipped and
counted; so are runs that were missed while nothing was there to start them: none is made up for. The next due time is
always later than the last one, so a clock that is set back delays a run and never repeats it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Final, Protocol

from lakewright.errors.running import ScheduleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from lakewright.model.calendar import Calendar

    Due = Callable[[float], float | None]


class Clock(Protocol):
    """Time as a schedule sees it."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait that long; True as soon as `stop` is set."""


class SystemClock:
    """This machine's time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait that long; True as soon as `stop` is set."""
        return stop.wait(max(0.0, seconds))


class Memory(Protocol):
    """What a schedule remembers over a restart; the run store does."""

    def schedule(self, name: str) -> tuple[float, float | None] | None:
        """When it was first set up, and its last due time."""

    def put_schedule(self, name: str, *, anchor: float, last_due: float | None) -> None:
        """Remember both."""


def every(seconds: float, *, anchor: float) -> Due:
    """Due times at a fixed rate from an anchor.

    >>> every(60, anchor=0)(59.0), every(60, anchor=0)(60.0)
    (60.0, 120.0)

    Raises:
        ScheduleError: the interval is not above 0.
    """
    if isinstance(seconds, bool) or not seconds > 0:
        raise ScheduleError(f"interval_seconds={seconds!r} is not a number of seconds above 0")
    return lambda after: anchor + seconds * ((after - anchor) // seconds + 1)


def by_calendar(calendar: Calendar, zone: tzinfo) -> Due:
    """Due times of a calendar in a time zone."""

    def due(after: float) -> float | None:
        found = calendar.next_after(datetime.fromtimestamp(after, tz=timezone.utc), zone)
        return found.timestamp() if found else None

    return due


@dataclass(slots=True)
class Counts:
    """What a schedule has done so far."""

    started: int = 0
    skipped: int = 0
    missed: int = 0


_SYSTEM: Final = SystemClock()
# After years of absence an exact count tells nobody anything.
_MOST_COUNTED: Final = 100_000


class Schedule:
    """Starts an action when it is due, in a thread of its own, until it is stopped.

    Args:
        name: under which it is remembered.
        due: the first due time after a moment; None for never again.
        action: what is run; its errors are its own to report.
        clock: time.
        memory: what is remembered over a restart; nothing by default.
        anchor: seconds since the epoch from which due times count.

    Attributes:
        counts: runs started, skipped because the one before still ran, missed while nothing ran.
    """

    def __init__(
        self,
        name: str,
        due: Due,
        action: Callable[[], object],
        *,
        anchor: float,
        clock: Clock = _SYSTEM,
        memory: Memory | None = None,
    ) -> None:
        self.counts = Counts()
        self._name = name
        self._due = due
        self._action = action
        self._anchor = anchor
        self._clock = clock
        self._memory = memory
        self._stop = threading.Event()
        self._running: threading.Thread | None = None
        self._loop: threading.Thread | None = None

    def start(self) -> Schedule:
        """Run in the background; `stop` ends it."""
        self._loop = threading.Thread(target=self.run, name=f"schedule {self._name}", daemon=True)
        self._loop.start()
        return self

    def stop(self) -> None:
        """Start nothing more, and wait for what runs."""
        self._stop.set()
        if self._loop is not None and self._loop is not threading.current_thread():
            self._loop.join()
        if self._running is not None:
            self._running.join()

    def run(self) -> None:
        """Run until stopped, or until nothing is due any more."""
        last = self._count_missed(self._last_due())
        while not self._stop.is_set():
            due = self._due(last)
            if due is None or self._clock.wait(due - self._clock.now(), self._stop):
                return
            if self._clock.now() >= due:
                self._fire()
                last = self._count_missed(due)
            # Else the clock was set back while waiting: the same due time is waited for again.

    def _count_missed(self, last: float) -> float:
        """Pass over due times that lie behind a later one that is due already; the last due time after that."""
        now = self._clock.now()
        for _ in range(_MOST_COUNTED):
            due = self._due(last)
            following = self._due(due) if due is not None else None
            if due is None or following is None or following > now:
                break
            self.counts.missed += 1
            last = due
        else:
            last = now
        self._remember(last)
        return last

    def _fire(self) -> None:
        if self._running is not None and self._running.is_alive():
            self.counts.skipped += 1
            return
        self.counts.started += 1
        self._running = threading.Thread(target=self._action, name=f"run of {self._name}")
        self._running.start()

    def _last_due(self) -> float:
        known = self._memory.schedule(self._name) if self._memory else None
        if known is None:
            return self._anchor
        _, last = known
        return self._anchor if last is None else last

    def _remember(self, last_due: float) -> None:
        if self._memory is not None:
            self._memory.put_schedule(self._name, anchor=self._anchor, last_due=last_due)
