"""What a task prints and logs, kept for each attempt.

Tasks on threads share one stdout. While a run captures, it stands behind a router that sends what a task writes to the
log of that task, told by its context; everything else goes where it always went. What C code writes to the file
descriptor itself is not seen; tasks in processes of their own are captured as a whole.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from contextvars import ContextVar
from io import TextIOBase
from typing import Final, TextIO

from lakewright.io.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES: Final = 10 * 1024 * 1024
_CUT: Final = "\n… the log is cut here: the task wrote more than {limit:,} bytes\n"
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_current: ContextVar[TaskLog | None] = ContextVar("lakewright_log", default=None)


class TaskLog:
    """The log of one attempt: a file that is made with the first line and never grows past a limit."""

    def __init__(self, path: str, *, limit: int = MAX_BYTES) -> None:
        self.path = path
        self._limit = limit
        self._written = 0
        self._file: TextIO | None = None
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        """Add text; what exceeds the limit is dropped, and the log says so once."""
        with self._lock:
            if self._written > self._limit:
                return
            if self._file is None:
                make_folder(os.path.dirname(self.path))  # noqa: PTH120  text paths, as everywhere in io
                self._file = open(self.path, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123, SIM115  as above; closed by `close`
            self._written += len(text.encode(errors="backslashreplace"))
            self._file.write(text if self._written <= self._limit else _CUT.format(limit=self._limit))
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None


@contextlib.contextmanager
def logged_to(path: str, *, limit: int = MAX_BYTES) -> Iterator[TaskLog]:
    """For the time of an attempt, what this context writes goes to its log."""
    log = TaskLog(path, limit=limit)
    token = _current.set(log)
    try:
        yield log
    finally:
        _current.reset(token)
        log.close()


@contextlib.contextmanager
def capturing() -> Iterator[None]:
    """For the time of a run, route stdout, stderr and logging of tasks to their logs; then all is as before."""
    handler = _LogHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    ours = logging.getLogger("lakewright")
    level = ours.level
    outer = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Router(outer[0]), _Router(outer[1])
    logging.getLogger().addHandler(handler)
    if level == logging.NOTSET:
        ours.setLevel(logging.INFO)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = outer
        logging.getLogger().removeHandler(handler)
        ours.setLevel(level)


class _Router(TextIOBase):
    """A stream that goes to the log of the task that writes, else to the stream it stands for."""

    def __init__(self, outer: TextIO) -> None:
        self._outer = outer

    def write(self, text: str) -> int:
        log = _current.get()
        if log is None:
            return self._outer.write(text)
        log.write(text)
        return len(text)

    def flush(self) -> None:
        if _current.get() is None:
            self._outer.flush()

    def close(self) -> None:
        """Stay open: a task that closes stdout closes it for itself alone."""

    def isatty(self) -> bool:
        return _current.get() is None and self._outer.isatty()

    def fileno(self) -> int:
        return self._outer.fileno()

    def writable(self) -> bool:
        return True

    @property
    def rich_proxied_file(self) -> object:
        """Where the progress of a run is shown: past the proxy that it puts around stdout while it moves."""
        return self if _current.get() is not None else getattr(self._outer, "rich_proxied_file", self)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a property where the base has an attribute
        return self._outer.encoding


class _LogHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        log = _current.get()
        if log is not None:
            log.write(f"{self.format(record)}\n")


def tidy(path: str, *, limit: int = MAX_BYTES) -> None:
    """Hold a log that another process has written to what holds for all: none that is empty, none past the limit."""
    try:
        size = os.path.getsize(path)  # noqa: PTH202  text paths, as everywhere in io
    except FileNotFoundError:
        return
    if not size:
        os.unlink(path)  # noqa: PTH108  as above
    elif size > limit + len(_CUT):
        os.truncate(path, limit)
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123  as above
            file.write(_CUT.format(limit=limit))


def tail(path: str, lines: int) -> list[str]:
    """The last lines of a log; none when nothing was written."""
    if not os.path.isfile(path):  # noqa: PTH113  text paths, as everywhere in io
        return []
    with open(path, "rb") as file:  # noqa: PTH123  as above
        size = file.seek(0, 2)
        file.seek(max(0, size - 64 * 1024))
        text = file.read().decode(errors="replace")
    return text.splitlines()[-lines:]
