"""Running something again and again, in one thread, so that no run ever meets the one before it.

- The first run is one interval after the start. The rate is fixed: due times do not move with how long a run takes.
- Due times that pass while a run goes on are skipped and counted.
- Due times that pass while nothing is there to heed them (no process, a machine asleep) are missed: the latest is made
  up for by one run, at once, and the others are counted.
- A clock that is set back delays the next run and repeats none, unless it is set back by more than one interval: then
  the schedule goes on with the time that the clock has.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, NamedTuple, Protocol

from lakewright.execution.interrupts import LOOKS_EVERY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lakewright.execution.rhythm import Rhythm

# After years of absence an exact count tells nobody anything.
_MOST_COUNTED: Final = 10_000
# How long `stop` waits for the end of a schedule that has nothing to do.
_PROMPT: Final = 0.5


class Clock(Protocol):
    """Time as a schedule sees it."""

    def now(self) -> float:
        """Seconds since the epoch."""

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait until that long has passed, or `stop` is set, or somewhat less."""


class SystemClock:
    """This machine's time."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait until that long has passed, or `stop` is set, but not for long at a time.

        Neither a machine that wakes from sleep nor every Ctrl-C would end a wait.
        """
        stop.wait(min(seconds, LOOKS_EVERY))


class Memory(Protocol):
    """What a schedule knows over a restart."""

    def recall(self) -> tuple[float, float | None] | None:
        """The moment from which due times count, and the last one that was heeded; None when it is new."""

    def keep(self, *, anchor: float, last_due: float) -> None:
        """Remember both."""

    def close(self) -> None:
        """The schedule has ended."""


class Forgetful:
    """Remembers nothing; implements `Memory`."""

    def recall(self) -> None:
        """Nothing."""

    def keep(self, *, anchor: float, last_due: float) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is open."""


class Tick(NamedTuple):
    """What happens to a schedule.

    Attributes:
        kind: it waits for `due`; that many due times were missed or skipped; it is over, for nothing is due any more.
    """

    kind: Literal["waiting", "missed", "skipped", "over"]
    due: float = 0.0
    times: int = 0


@dataclass(slots=True)
class Counts:
    """What a schedule has done so far.

    Attributes:
        started: runs.
        failed: those of them that failed.
        skipped: due times that passed while a run went on.
        missed: due times that passed while nothing was there to heed them.
    """

    started: int = 0
    failed: int = 0
    skipped: int = 0
    missed: int = 0


def ignore(_tick: Tick) -> None:
    """A listener for schedules that nobody watches."""


_SYSTEM: Final = SystemClock()
_FORGETFUL: Final = Forgetful()


class Schedule:
    """Starts an action when it is due, until it is stopped.

    Args:
        rhythm: when it is due.
        action: what is run: says whether it succeeded, and must not raise.
        clock: time.
        memory: what is known over a restart; nothing by default.
        listener: is told what happens.

    Attributes:
        counts: what it has done so far.
        next_due: the moment that it waits for, in seconds since the epoch; None when it does not wait.
        is_running: whether a run is going on, or was when an interrupt ended the schedule.
    """

    def __init__(
        self,
        rhythm: Rhythm,
        action: Callable[[], bool],
        *,
        clock: Clock = _SYSTEM,
        memory: Memory = _FORGETFUL,
        listener: Callable[[Tick], None] = ignore,
    ) -> None:
        self.counts = Counts()
        self.next_due: float | None = None
        self.is_running = False
        self._rhythm = rhythm
        self._action = action
        self._clock = clock
        self._memory = memory
        self._listener = listener
        self._anchor = clock.now()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"<schedule {self._rhythm}: {self.counts}>"

    def start(self) -> Schedule:
        """Run in the background; `stop` ends it."""
        self._thread = threading.Thread(target=self.run, name=f"schedule {self._rhythm}", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Start nothing more, at once; a run that is going on goes on to its end, which `join` waits for."""
        self._stop.set()
        self.join(_PROMPT)

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end of the schedule, and of the run that is going on."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def run(self) -> None:
        """Run in this thread until stopped, or until nothing is due any more."""
        try:
            self._go(self._recalled())
        finally:
            self.next_due = None
            self._memory.close()

    def _go(self, last: float) -> None:
        while not self._stop.is_set():
            last = self._without_missed(last)
            due = self._rhythm.due(last, anchor=self._anchor)
            if due is None:
                self._listener(Tick("over"))
                return
            wait = due - self._clock.now()
            if wait > 0:
                self._announce(due)
                self._clock.wait(wait, self._stop)
            else:
                last = self._run(due)

    def _recalled(self) -> float:
        self._anchor, last = self._memory.recall() or (self._anchor, None)
        last = self._anchor if last is None else last
        self._memory.keep(anchor=self._anchor, last_due=last)
        return last

    def _announce(self, due: float) -> None:
        if due != self.next_due:
            self.next_due = due
            self._listener(Tick("waiting", due))

    def _without_missed(self, last: float) -> float:
        """The due time before the one that is to be heeded next."""
        soonest = self._rhythm.due(self._clock.now(), anchor=self._anchor)
        last = last if soonest is None else min(last, soonest)
        passed = self._passed(last)
        if len(passed) <= 1:
            return last
        self.counts.missed += len(passed) - 1
        self._listener(Tick("missed", times=len(passed) - 1))
        return passed[-2] if len(passed) < _MOST_COUNTED else self._clock.now()

    def _run(self, due: float) -> float:
        """Run the action; the last due time that is thereby done with."""
        self.next_due = None
        # Kept beforehand: a run that is killed is gone on with by its id, not by its schedule.
        self._memory.keep(anchor=self._anchor, last_due=due)
        self.counts.started += 1
        self.is_running = True
        self.counts.failed += not self._action()
        self.is_running = False
        passed = self._passed(due)
        if not passed:
            return due
        self.counts.skipped += len(passed)
        self._listener(Tick("skipped", times=len(passed)))
        last = passed[-1] if len(passed) < _MOST_COUNTED else self._clock.now()
        self._memory.keep(anchor=self._anchor, last_due=last)
        return last

    def _passed(self, last: float) -> list[float]:
        """Due times between one and now."""
        return list(islice(self._due_until(self._clock.now(), last), _MOST_COUNTED))

    def _due_until(self, now: float, last: float) -> Iterator[float]:
        due = self._rhythm.due(last, anchor=self._anchor)
        while due is not None and due <= now:
            yield due
            due = self._rhythm.due(due, anchor=self._anchor)
