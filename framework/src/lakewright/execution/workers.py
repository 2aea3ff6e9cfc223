"""Threads that do what they are given, as many as are needed up to a limit."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

T = TypeVar("T")


class Workers(Generic[T]):
    """Threads that call one function with each item they are given.

    `concurrent.futures` makes a future with locks of its own for each item, which a run has no use for.

    Args:
        count: how many threads at most.
        work: what each does; it must not raise.
    """

    def __init__(self, count: int, work: Callable[[T], None]) -> None:
        self._count = count
        self._work = work
        self._items: SimpleQueue[T | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._forget()
        for _ in self._threads:
            self._items.put(None)
        for thread in self._threads:
            thread.join()

    def submit(self, item: T) -> None:
        """Let a thread work on an item as soon as one is free."""
        self._items.put(item)
        if len(self._threads) < self._count:
            thread = Thread(target=self._loop, name=f"lakewright-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _forget(self) -> None:
        """Drop what no thread has begun."""
        try:
            while True:
                self._items.get_nowait()
        except Empty:
            pass

    def _loop(self) -> None:
        while (item := self._items.get()) is not None:
            self._work(item)
