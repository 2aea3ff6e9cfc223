"""Threads that take one piece of work after the other: a pool without the futures that nobody would look at."""

from __future__ import annotations

import threading
from queue import SimpleQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Threads:
    """A fixed number of threads that work within `with`; leaving it by an error drops what no thread has begun.

    Args:
        count: how many.
        work: what they do with the key and the attempt that they are given; it must not raise.
    """

    def __init__(self, count: int, work: Callable[[str, int], None]) -> None:
        self._work = work
        self._waiting: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._is_dropping = False
        self._threads = [
            threading.Thread(target=self._run, name=f"lakewright-{number}", daemon=True) for number in range(count)
        ]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def put(self, key: str, attempt: int) -> None:
        """Leave an attempt at a task to the next thread that is free."""
        self._waiting.put((key, attempt))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._is_dropping = kind is not None
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (given := self._waiting.get()) is not None:
            if not self._is_dropping:
                self._work(*given)
