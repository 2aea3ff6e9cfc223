"""How ready attempts are made: side by side on threads, or one at a time in the thread that runs the job."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import Final

from lakewright.execution.events import ignore
from lakewright.execution.interrupts import LOOKS_EVERY
from lakewright.execution.ready import Ready
from lakewright.execution.workers import Workers
from lakewright.model.task import SERIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from lakewright.execution.attempts import Ended, Next
    from lakewright.execution.plan import RunPlan

# How many tasks beyond those that run are left to the workers' own queue.
_LOOKAHEAD: Final = 64


class Executor:
    """Makes attempts within `with`, as many at once as the plan says, and gives back how they ended.

    One thread owns it; attempts in processes have a thread here that waits for them.

    Args:
        plan: the run.
        make: makes an attempt, on the thread that it is made on, or gives it back; it must not raise.
        begins: is told of an attempt that is about to start.
    """

    def __init__(self, plan: RunPlan, make: Callable[[Next], Ended | Next], begins: Callable[[Next], None]) -> None:
        self._here = plan.here
        self._make = make
        self._begins = begins
        self._workers = Workers(plan.max_workers, self._work)
        self._ready = Ready(plan.urgency)
        # Those that wait for the very thread that owns this.
        self._ready_here = Ready({})
        self._ended: SimpleQueue[Ended | Next | None] = SimpleQueue()
        self._running = 0
        # Whoever listens is told that a task has started when it has, and a failure may have to stop the next one; else
        # no thread need wait for it.
        looks_ahead = plan.listener is ignore and not plan.fails_fast
        self._at_once = 1 if plan.executor == SERIAL else plan.max_workers + (_LOOKAHEAD if looks_ahead else 0)

    def __bool__(self) -> bool:
        """Whether there is anything that runs or could."""
        return bool(self._running or self._ready or self._ready_here)

    def __enter__(self) -> None:
        self._workers.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    def abandon(self) -> None:
        """Do not wait for what runs: it dies with this process."""
        self._workers.abandon()

    def put(self, following: Next) -> None:
        """Let an attempt be made when its turn comes."""
        ready = self._ready_here if following.key in self._here else self._ready
        ready.put(following)

    def drop(self) -> list[Next]:
        """Let nothing start that is ready; that."""
        return [*self._ready.drop(), *self._ready_here.drop()]

    def step(self, timeout: float | None) -> Ended | Next | None:
        """Start what may start, then wait for one attempt that ends or was given back.

        Args:
            timeout: seconds to wait; None for as long as it takes. It may be cut short, for Ctrl-C to be seen.

        Returns:
            None when nothing has ended so far.
        """
        while self._ready and self._running < self._at_once:
            self._begin(self._ready.take(), self._workers.put)
        if self._ready_here and self._running < self._at_once:
            self._begin(self._ready_here.take(), self._work)
        try:
            ended = self._ended.get(timeout=LOOKS_EVERY if timeout is None else min(timeout, LOOKS_EVERY))
        except Empty:
            return None
        if ended is not None:
            self._running -= 1
        return ended

    def wake(self) -> None:
        """End a wait; may be called from a signal handler, so from anywhere."""
        self._ended.put(None)

    def _begin(self, following: Next, work: Callable[[Next], None]) -> None:
        self._begins(following)
        self._running += 1
        work(following)

    def _work(self, following: Next) -> None:
        self._ended.put(self._make(following))
