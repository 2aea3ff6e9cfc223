"""Live progress: one line a task on a terminal, one line an end anywhere else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from lakewright.errors.running import ProcessFailedError
from lakewright.execution.interrupts import INTERRUPTED
from lakewright.execution.report.plain import plain
from lakewright.model.loop import is_iteration
from lakewright.model.states import State
from lakewright.text.durations import seconds
from lakewright.text.exceptions import message_of, said
from lakewright.text.names import plural, some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from rich.console import Console, RenderableType
    from typing_extensions import Self

    from lakewright.execution.events import TaskEvent
    from lakewright.model.dag import Dag

MARKS: Final = {
    State.SUCCESS: ("✔", "green"),
    State.FAILED: ("✘", "red"),
    State.TIMED_OUT: ("⏱", "red"),
    State.CANCELLED: ("■", "red"),
    State.UPSTREAM_FAILED: ("↯", "yellow"),
    State.EXCLUDED: ("–", "dim"),
}
_REFRESHES_PER_SECOND: Final = 12
_MOST_LINES: Final = 12
_MOST_OF_LINE: Final = 100
_MOST_WAITING: Final = 3


def short(text: str) -> str:
    r"""The first line of a text, cut where it gets long, without what a terminal would obey.

    >>> short("no file\nat all"), len(short("x" * 500))
    ('no file', 100)
    """
    line = plain(text.partition("\n")[0])
    return line if len(line) <= _MOST_OF_LINE else f"{line[: _MOST_OF_LINE - 1]}…"


def _why(error: BaseException) -> str:
    """Why an attempt failed; what a process says of its end names the error by itself."""
    is_told = isinstance(error, ProcessFailedError) and not error.stands_for
    return message_of(error) if is_told else said(error)


class Progress:
    """Shows the events of one run; on a terminal the lines of running tasks move, everywhere the ended ones stay.

    Args:
        console: where to.
        dag: what runs.
        moves: whether lines may move; they would overwrite what tasks show themselves.
    """

    def __init__(self, console: Console, dag: Dag, *, moves: bool = True) -> None:
        self._console = console
        self._dag = dag
        self._moves = moves and console.is_terminal
        self._width = max((len(key) for key in dag.nodes), default=0)
        self._left = dict.fromkeys(dag.nodes)
        self._running: dict[str, tuple[float, RenderableType]] = {}
        self._retrying: dict[str, tuple[float, int]] = {}
        self._live = Live(
            console=console, get_renderable=self._moving, refresh_per_second=_REFRESHES_PER_SECOND, transient=True
        )

    def __enter__(self) -> Self:
        if self._moves:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def listen(self, event: TaskEvent) -> None:
        """Show what happened."""
        if event.kind == "stopping":
            self._console.print(self._stopping(event), highlight=False, soft_wrap=True)
            return
        self._running.pop(event.key, None)
        self._retrying.pop(event.key, None)
        if event.kind == "ended" and is_iteration(event.key):
            # Its task has a line of its own.
            return
        if event.kind == "started":
            self._running[event.key] = (time.monotonic(), Spinner("dots", style="cyan"))
            return
        if event.kind == "retrying":
            self._retrying[event.key] = (time.monotonic() + event.wait, event.attempt + 1)
        else:
            self._left.pop(event.key, None)
        self._console.print(self._line(event), highlight=False, soft_wrap=True)

    def _stopping(self, event: TaskEvent) -> Text:
        going_on = f": {some(list(self._running), _MOST_LINES)}" if self._running else ""
        again = "; Ctrl-C again ends it at once" if event.reason == INTERRUPTED and self._running else ""
        return Text(f" ■ {event.reason}; what runs is finished first{going_on}{again}", style="yellow")

    def _line(self, event: TaskEvent) -> Text:
        key = event.key.ljust(self._width)
        if event.kind == "retrying":
            error = short(_why(event.error)) if event.error else ""
            return Text(
                f" ↻ {key}  attempt {event.attempt} failed, again in {seconds(event.wait)}   {error}", style="yellow"
            )
        mark, style = MARKS[event.state]
        if event.reason:
            return Text(f" {mark} {key}  {event.reason}", style=style)
        rows = plural(event.rows, "row") if event.rows is not None else ""
        tried = f"   attempt {event.attempt}" if event.attempt > 1 else ""
        failed = "" if event.state is State.SUCCESS else f"   {event.state.value.replace('_', ' ')}"
        return Text.assemble(
            (f" {mark} ", style),
            key,
            (f"  {rows:>14}  {seconds(event.seconds):>8}{tried}{failed}", "dim" if not failed else style),
            (f"   {event.summary}" if event.summary else "", "dim"),
            (f"   not cached: {event.cache}" if event.cache else "", "dim"),
        )

    def _moving(self) -> RenderableType:
        """The tasks that run, those that are tried again soon, and those that are still to come."""
        table = Table.grid(padding=(0, 1))
        now = time.monotonic()
        running = list(self._running.items())
        # Nobody tells when an iteration of a repeated task starts again.
        retrying = [(key, planned) for key, planned in list(self._retrying.items()) if planned[0] > now]
        for key, (started, spinner) in running[:_MOST_LINES]:
            table.add_row(Text(""), spinner, Text(key.ljust(self._width)), Text(seconds(now - started), style="dim"))
        for key, (due, attempt) in retrying[:_MOST_LINES]:
            soon = Text(f"attempt {attempt} in {seconds(max(0.0, due - now))}", style="yellow")
            table.add_row(Text(""), Text("↻", style="yellow"), Text(key.ljust(self._width)), soon)
        for words in self._to_come([key for key in list(self._left) if not self._is_tried(key)]):
            table.add_row(Text(""), Text(" "), *(Text(word, style="dim") for word in words))
        return table

    def _is_tried(self, key: str) -> bool:
        return key in self._running or key in self._retrying

    def _to_come(self, waiting: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """What a few tasks wait for; how many they are, if they are more."""
        if len(waiting) > _MOST_WAITING:
            yield (f"{plural(len(waiting), 'task')} to come",)
            return
        for key in waiting:
            awaited = [upstream for upstream in self._dag.upstream(key) if upstream in self._left]
            yield (key.ljust(self._width), f"waits for {some(awaited, _MOST_WAITING)}" if awaited else "waits")
