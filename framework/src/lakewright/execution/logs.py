"""What a task prints and logs, kept for each attempt.

Tasks on threads share one stdout. While a run captures, it stands behind a router that sends what a task writes to the
log of that task, told by its context; everything else goes where it always went. What C code writes to the file
descriptor itself is not seen; tasks in processes of their own are captured as a whole.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from contextvars import ContextVar
from io import BufferedIOBase, TextIOBase
from typing import Final, TextIO

from lakewright.errors.running import RunError
from lakewright.execution.context import task_context
from lakewright.execution.log_files import MAX_BYTES, TaskLog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_INSTALLING: Final = threading.Lock()

_current: ContextVar[TaskLog | None] = ContextVar("lakewright_log", default=None)


@contextlib.contextmanager
def logged_to(path: str, *, limit: int = MAX_BYTES, is_shown: bool = False) -> Iterator[TaskLog]:
    """For the time of an attempt, what this context writes goes to its log.

    Args:
        path: of the log.
        limit: how many bytes it may have.
        is_shown: whether the attempt has the terminal for itself: it shows what it writes, and may read.
    """
    log = TaskLog(path, limit=limit, is_shown=is_shown)
    token = _current.set(log)
    try:
        yield log
    finally:
        _current.reset(token)
        log.close()


@contextlib.contextmanager
def capturing() -> Iterator[None]:
    """For the time of a run, route stdout, stderr and logging of tasks to their logs; then all is as before.

    Runs side by side share the routes: the last one to end takes them away.
    """
    with _INSTALLING:
        routes = getattr(sys.stdout, "routes", None) or _Routes()
        routes.users += 1
    try:
        yield
    finally:
        with _INSTALLING:
            routes.users -= 1
            if not routes.users:
                routes.remove()


class _Routes:
    """The routers that stand in for the streams, and the handler for what is logged.

    Attributes:
        users: how many runs need them.
    """

    def __init__(self) -> None:
        self.users = 0
        self._handler = _LogHandler()
        self._handler.setFormatter(logging.Formatter(_FORMAT))
        self._outer = sys.stdout, sys.stderr
        self._input = sys.stdin
        self._level = _our_logger().level
        sys.stdout, sys.stderr = (_Router(outer, self) for outer in self._outer)
        sys.stdin = _Input(self._input)
        logging.getLogger().addHandler(self._handler)
        if self._level == logging.NOTSET:
            _our_logger().setLevel(logging.INFO)

    def remove(self) -> None:
        """Put all back as it was."""
        sys.stdout, sys.stderr = self._outer
        sys.stdin = self._input
        logging.getLogger().removeHandler(self._handler)
        _our_logger().setLevel(self._level)


def _our_logger() -> logging.Logger:
    """The one above those of all tasks."""
    return logging.getLogger("lakewright")


class _Router(TextIOBase):
    """A stream that goes to the log of the task that writes, else to the stream it stands for."""

    def __init__(self, outer: TextIO, routes: _Routes) -> None:
        self._outer = outer
        self.routes = routes

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the stream has that it stands for
        return getattr(self._outer, name)

    def write(self, text: str) -> int:
        log = _current.get()
        if log is not None:
            log.write(text)
        if _has_terminal(log):
            self._outer.write(text)
        return len(text)

    def flush(self) -> None:
        if _has_terminal(_current.get()):
            self._outer.flush()

    def close(self) -> None:
        """Stay open: a task that closes stdout closes it for itself alone."""

    def isatty(self) -> bool:
        return _has_terminal(_current.get()) and self._outer.isatty()

    def fileno(self) -> int:
        return self._outer.fileno()

    def writable(self) -> bool:
        return True

    @property
    def buffer(self) -> BinaryIO:
        """For bytes that are no text."""
        log = _current.get()
        return self._outer.buffer if log is None else _Bytes(log)  # type: ignore[return-value]  # writes as one does

    @property
    def rich_proxied_file(self) -> object:
        """Where the progress of a run is shown: past the proxy that it puts around stdout while it moves."""
        return self if _current.get() is not None else getattr(self._outer, "rich_proxied_file", self)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a property where the base has an attribute
        return self._outer.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]  # as above
        return self._outer.errors


def _has_terminal(log: TaskLog | None) -> bool:
    """Whether what writes to a log, or to none, has the terminal for itself."""
    return log is None or log.is_shown


class _Input(TextIOBase):
    """A stdin that says why there is none for tasks that share the terminal, where they would seem to hang."""

    def __init__(self, outer: TextIO) -> None:
        self._outer = outer

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the stream has that it stands for
        return getattr(self._allowed(), name)

    def read(self, size: int | None = -1) -> str:
        return self._allowed().read(-1 if size is None else size)

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]  # as text streams have it
        return self._allowed().readline(-1 if size is None else size)

    def __next__(self) -> str:  # type: ignore[override]  # as text streams have it
        return next(self._allowed())

    def fileno(self) -> int:
        return self._allowed().fileno()

    def isatty(self) -> bool:
        return _has_terminal(_current.get()) and self._outer.isatty()

    def readable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]  # as above
        return self._outer.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]  # `input` edits lines only where it is told both
        return self._outer.errors

    def close(self) -> None:
        """Stay open, as the other streams do."""

    def _allowed(self) -> TextIO:
        if _has_terminal(_current.get()):
            return self._outer
        running = task_context()
        raise RunError(
            f"task '{running.key if running else ''}' reads from the terminal, which tasks here do not have",
            hint="For input() and breakpoint() let tasks run one at a time in the thread that has it:\n"
            "lakewright run … --executor serial (a task with a timeout has a process, and no terminal even there).",
        )


class _Bytes(BufferedIOBase):
    """What a task writes past the encoding of its stdout."""

    def __init__(self, log: TaskLog) -> None:
        self._log = log

    def write(self, content: Any) -> int:  # noqa: ANN401  all that has bytes
        written = bytes(content)
        self._log.write_bytes(written)
        return len(written)

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Stay open, as the stream does."""


class _LogHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = _current.get()
        if log is None:
            return
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001  what the user logs may be anything; logging has its own way to tell
            self.handleError(record)
        else:
            (sys.stderr if log.is_shown else log).write(f"{text}\n")


class _LastHandler(logging.StreamHandler):  # type: ignore[type-arg]  # Python 3.10 takes none
    """Shows what is logged as logs do, as long as nobody sets up logging."""

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers:
            super().emit(record)


def log_to_stderr() -> None:
    """In a process of one task, let what tasks log be heard where nobody sets up logging."""
    ours = _our_logger()
    if not ours.handlers:
        handler = _LastHandler()
        handler.setFormatter(logging.Formatter(_FORMAT))
        ours.addHandler(handler)
    if ours.level == logging.NOTSET:
        ours.setLevel(logging.INFO)
