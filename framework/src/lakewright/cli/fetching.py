"""What is fetched, as it arrives: a bar on a terminal, nothing in a log."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from lakewright.cli.output import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from rich.progress import TaskID
    from typing_extensions import Self


@contextmanager
def fetching() -> Iterator[FetchBar]:
    """A bar, as long as something is built; who is told to end then cleans up as if Ctrl-C had been pressed."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        with FetchBar() as bar:
            yield bar
    finally:
        signal.signal(signal.SIGTERM, before)


class FetchBar:
    """One bar for all files of a wheelhouse."""

    def __init__(self) -> None:
        columns = (
            TextColumn(" fetching"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("{task.fields[last]}"),
        )
        self._shown = Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._shown.stop()

    def begins(self, *, files: int, size: int) -> None:
        """So many files are to come, of so many bytes as far as that is known."""
        if files:
            self._task = self._shown.add_task("", total=size or None, last="")

    def advances(self, size: int) -> None:
        """More bytes have arrived."""
        if self._task is not None:
            self._shown.advance(self._task, size)

    def ends(self, filename: str) -> None:
        """A file is there, whole."""
        if self._task is not None:
            self._shown.update(self._task, last=filename)
