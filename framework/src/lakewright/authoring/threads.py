"""Threads that a body may have started while it is traced.

A thread has a context of its own, so a task that a body calls from a new thread would run for real and its edge would
be lost. Which threads were there before is the one thing that only the process as a whole can know.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class _OpenTraces:
    """The traces that are open in this process, each with the threads that were there before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: list[frozenset[int | None]] = []

    @contextmanager
    def opened(self) -> Iterator[None]:
        """For the time of a trace."""
        alive = frozenset(thread.ident for thread in threading.enumerate())
        with self._lock:
            self._threads.append(alive)
        try:
            yield
        finally:
            with self._lock:
                self._threads.remove(alive)

    def is_new_thread(self) -> bool:
        """Whether the calling thread came into being while a trace was open."""
        if not self._threads:
            return False
        with self._lock:
            return any(threading.get_ident() not in alive for alive in self._threads)


OPEN_TRACES: Final = _OpenTraces()
