"""Threads that a body may have started while it is traced.

A thread has a context of its own, so a task that a body calls from a new thread would run for real and its edge would
be lost. Which threads were there before is the one thing that only the process as a whole can know.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Final

from lakewright.authoring.current import running_task
from lakewright.errors.authoring import TraceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.authoring.current import Recorder


class _OpenTraces:
    """The traces that are open in this process, each with the threads that were there before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Recorder, frozenset[int | None]] = {}

    @contextmanager
    def opened(self, recorder: Recorder) -> Iterator[None]:
        """For the time of a trace."""
        alive = frozenset(thread.ident for thread in threading.enumerate())
        with self._lock:
            self._open[recorder] = alive
        try:
            yield
        finally:
            with self._lock:
                del self._open[recorder]

    def around_new_thread(self) -> list[Recorder]:
        """The traces that were open when the calling thread came into being: one of them may have started it."""
        if not self._open:
            return []
        with self._lock:
            return [recorder for recorder, alive in self._open.items() if threading.get_ident() not in alive]


OPEN_TRACES: Final = _OpenTraces()


def refuse_in_new_thread(what: str) -> None:
    """Raise if the calling thread came into being while a body was traced, unless it runs a task.

    Raises:
        TraceError: it did; the body is refused too, because what the thread was to call is missing in its DAG.
    """
    recorders = OPEN_TRACES.around_new_thread()
    if not recorders or running_task.get() is not None:
        return
    # Only errors say where.
    from lakewright.authoring.callsite import located

    message = f"{what} is called from a new thread while a job body is traced"
    error = located(TraceError(message, hint="Call tasks from the body's own thread: the runner makes them parallel."))
    for recorder in recorders:
        recorder.refusal = recorder.refusal or error
    raise error
