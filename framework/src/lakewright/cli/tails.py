"""The end of a log: below the failure of a task, at once and once more when the run has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.cli.output import say
from lakewright.execution.log_files import tail
from lakewright.execution.report.plain import plain
from lakewright.model.loop import is_iteration
from lakewright.text.exceptions import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lakewright.execution.events import Listener, TaskEvent
    from lakewright.io.paths import RunPaths

    Tail = Callable[[str, int], list[str]]

_AT_ONCE: Final = 5
# Where everything fails, the end of the run says it in short.
_MOST: Final = 3
_WIDEST: Final = 300


def quoted(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a log as they are shown: without colours and movements of their own, and no wider than anyone reads."""
    return (f"   | {line[:_WIDEST]}{'…' * (len(line) > _WIDEST)}" for line in map(plain, lines))


class LiveTails:
    """Shows why a task has failed and what it said last, while others go on; then the run need not be waited for.

    Args:
        paths: of the run.
        listener: is told first.
        tail: the last lines of a log, as many as are wanted.
    """

    def __init__(self, paths: RunPaths, listener: Listener, *, tail: Tail = tail) -> None:
        self._paths = paths
        self._listener = listener
        self._tail = tail
        self._running: set[str] = set()
        self._shown = 0

    def listen(self, event: TaskEvent) -> None:
        """Show what a failed attempt said; of the last task that runs, the end of the run tells it right away."""
        self._listener(event)
        if event.kind == "started":
            self._running.add(event.key)
            return
        self._running.discard(event.key)
        # What became of an iteration its task tells.
        is_told_soon = event.kind == "ended" and (not self._running or is_iteration(event.key))
        if event.error is None or is_told_soon or self._shown == _MOST:
            return
        self._shown += 1
        if event.kind == "ended":
            say(f"   {plain(said(event.error).partition(chr(10))[0])}", "red")
        for line in quoted(self._tail(self._paths.log(event.key, event.attempt), _AT_ONCE)):
            say(line, "dim")
