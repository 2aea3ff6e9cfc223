"""Live progress: one line a task on a terminal, one line an end anywhere else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from lakewright.model.states import State
from lakewright.text.durations import seconds
from lakewright.text.exceptions import said
from lakewright.text.names import plural

if TYPE_CHECKING:
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


class Progress:
    """Shows the events of one run; on a terminal the lines of running tasks move, everywhere the ended ones stay."""

    def __init__(self, console: Console, dag: Dag) -> None:
        self._console = console
        self._width = max((len(key) for key in dag.nodes), default=0)
        self._left = len(dag.nodes)
        self._running: dict[str, tuple[float, RenderableType]] = {}
        self._live = Live(
            console=console, get_renderable=self._moving, refresh_per_second=_REFRESHES_PER_SECOND, transient=True
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def listen(self, event: TaskEvent) -> None:
        """Show what happened."""
        if event.kind == "stopping":
            self._console.print(f" ■ {event.reason}; what runs is finished first", style="yellow", highlight=False)
            return
        if event.kind == "started":
            self._running[event.key] = (time.monotonic(), Spinner("dots", style="cyan"))
            return
        self._running.pop(event.key, None)
        if event.kind == "ended":
            self._left -= 1
        self._console.print(self._line(event), highlight=False, soft_wrap=True)

    def _line(self, event: TaskEvent) -> Text:
        key = event.key.ljust(self._width)
        if event.kind == "retrying":
            error = said(event.error).partition("\n")[0] if event.error else ""
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
            (f"   not cached: {event.cache}" if event.cache else "", "dim"),
        )

    def _moving(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        now = time.monotonic()
        for key, (started, spinner) in list(self._running.items()):
            table.add_row(Text(""), spinner, key.ljust(self._width), Text(seconds(now - started), style="dim"))
        waiting = self._left - len(self._running)
        if waiting > 0:
            table.add_row(Text(""), Text(" "), Text(f"{plural(waiting, 'task')} to come", style="dim"))
        return table
