"""Threads that take one piece of work after the other: a pool without the futures that nobody would look at."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

T = TypeVar("T")


class Workers(Generic[T]):
    """Threads that work within `with`; leaving it by an error drops what no thread has begun.

    Args:
        count: how many at most; they start as work comes in.
        work: what they do with each item that they are given; it must not raise.
    """

    def __init__(self, count: int, work: Callable[[T], None]) -> None:
        self._count = count
        self._work = work
        self._waiting: SimpleQueue[T | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._is_dropping = False
        self._is_abandoned = False

    def __enter__(self) -> None:
        """Nothing starts before there is work."""

    def put(self, item: T) -> None:
        """Leave an item to the next thread that is free."""
        self._waiting.put(item)
        if len(self._threads) < self._count:
            thread = Thread(target=self._run, name=f"lakewright-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def abandon(self) -> None:
        """Drop what no thread has begun, and do not wait for the rest: it dies with this process."""
        self._is_dropping = self._is_abandoned = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_dropping = self._is_dropping or kind is not None
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in () if self._is_abandoned else self._threads:
            thread.join()

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            if not self._is_dropping:
                self._work(item)
