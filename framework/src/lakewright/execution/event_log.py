"""What happens in a run as JSON lines, for programs that watch it."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from typing import Final

from lakewright.io.files import unwritable
from lakewright.text.exceptions import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from lakewright.execution.events import TaskEvent
    from lakewright.execution.result import Finished
    from lakewright.io.paths import RunPaths

SCHEMA: Final = 1
"""The version of the lines: a later one may have more events and fields, a higher one other meanings."""

COMMON: Final = ("at", "event", "job", "run")
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "run_started": ("schema", "parameters", "tasks"),
    "started": ("task", "attempt", "state"),
    "retrying": ("task", "attempt", "state", "seconds", "wait", "error", "log"),
    "ended": ("task", "attempt", "state", "seconds", "rows", "error", "log", "reason", "cache", "summary"),
    "stopping": ("state", "reason"),
    "run_ended": ("status", "leaf_status", "seconds"),
}


def _utc() -> datetime:
    return datetime.now(timezone.utc)


class EventLog:
    """Writes one JSON object a line behind what a file holds, each as soon as it happens, within `with`.

    A line is given to the operating system in one piece: it outlives the process, whatever ends it. That the file takes
    no more is told once; then the run goes on without it, because its work is worth more than what is told of it.

    Args:
        path: the file.
        paths: of the run.
        parameters: the text of each.
        tasks: the keys of its tasks.
        warn: is told, in words, when the file takes no more.
        now: the time of the day.

    Raises:
        OutputError: the file cannot be opened.
    """

    def __init__(
        self,
        path: str,
        paths: RunPaths,
        *,
        parameters: Mapping[str, str],
        tasks: Sequence[str],
        warn: Callable[[str], None],
        now: Callable[[], datetime] = _utc,
    ) -> None:
        self._path = path
        self._paths = paths
        self._parameters = parameters
        self._tasks = tasks
        self._warn = warn
        self._now = now
        try:
            # No buffer: what could not be written must not come up again when the file is closed.
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise unwritable(path, error) from error
        self._is_open = True

    def __enter__(self) -> Self:
        """Tell that the run begins, or begins again."""
        self._write("run_started", schema=SCHEMA, parameters=dict(self._parameters), tasks=list(self._tasks))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_open:
            self._close()

    def listen(self, event: TaskEvent) -> None:
        """Tell what happened to a task."""
        ran = not event.reason
        tried = ran and event.kind != "started"
        self._write(
            event.kind,
            task=event.key or None,
            attempt=event.attempt if ran else None,
            state=event.state.value,
            seconds=round(event.seconds, 6) if tried else None,
            wait=event.wait if event.kind == "retrying" else None,
            rows=event.rows,
            error=said(event.error) if event.error else None,
            log=self._log(event) if tried else None,
            reason=event.reason or None,
            cache=event.cache or None,
            summary=event.summary or None,
        )

    def _log(self, event: TaskEvent) -> str | None:
        log = self._paths.log(event.key, event.attempt)
        return log if os.path.isfile(log) else None  # noqa: PTH113  text paths, as in io

    def end(self, result: Finished) -> None:
        """Tell how the run ended."""
        self._write("run_ended", status=result.status, leaf_status=result.leaf_status, seconds=round(result.seconds, 6))

    def _write(self, event: str, **fields: object) -> None:
        if not self._is_open:
            return
        told = {name: value for name, value in fields.items() if value is not None}
        run = {"job": self._paths.job, "run": self._paths.run_id}
        line = {"at": self._now().isoformat(), "event": event, **run, **told}
        content = f"{json.dumps(line)}\n".encode()
        try:
            while content:
                content = content[os.write(self._descriptor, content) :]
        except OSError as error:
            self._close()
            problem = error.strerror or said(error)
            self._warn(f"no more events are written to {self._path}: {problem}; the run goes on")

    def _close(self) -> None:
        self._is_open = False
        os.close(self._descriptor)
