"""The files of logs: written as a task goes on, bounded, read from the end."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

from lakewright.io.files import make_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

MAX_BYTES: Final = 10 * 1024 * 1024
END_BYTES: Final = 64 * 1024


class TaskLog:
    """The log of one attempt: a file that is made with the first line and never grows far past a limit.

    Of a task that writes more, the beginning and the last lines are kept.

    Attributes:
        is_shown: whether what is written also goes where it would go without a log.
    """

    def __init__(self, path: str, *, limit: int = MAX_BYTES, is_shown: bool = False) -> None:
        self.path = path
        self.is_shown = is_shown
        self._room = limit
        self._file: BinaryIO | None = None
        self._is_closed = False
        self._left_out = 0
        self._end = bytearray()
        self._lock = threading.Lock()
        # `print` borrows the stream that it writes to: while an attempt lasts it must not go away, whoever puts another
        # one into its place, or the interpreter crashes.
        self._streams = sys.stdout, sys.stderr

    def write(self, text: str) -> None:
        """Add text."""
        self.write_bytes(text.encode(errors="backslashreplace"))

    def write_bytes(self, content: bytes) -> None:
        """Add bytes; what a thread writes that has outlived its task is dropped."""
        with self._lock:
            if self._is_closed or not content:
                return
            beyond = self._begin(content) if self._room else content
            # Twice what is kept, so that a task that prints little at a time does not move it all each time.
            self._end += beyond[-2 * END_BYTES :]
            self._left_out += len(beyond) - min(len(beyond), 2 * END_BYTES)
            if len(self._end) > 2 * END_BYTES:
                self._left_out += len(self._end) - END_BYTES
                del self._end[:-END_BYTES]

    def _begin(self, content: bytes) -> bytes:
        """Write while there is room; what is left over. A disk that is full costs the log, not the task."""
        taken, room = 0, self._room
        with suppress(OSError):
            self._file = self._file or _opened(self.path)
            taken = self._file.write(content[:room])
        self._room = 0 if taken < min(len(content), room) else room - taken
        return content[taken:]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._is_closed = True
            if self._file is not None:
                # A disk that is full by now costs the end of the log, not the task.
                with suppress(OSError):
                    self._file.write(_cut(self._left_out) + self._end)
                self._file.close()


def _cut(left_out: int) -> bytes:
    return f"\n… {left_out:,} bytes are left out here …\n".encode() if left_out else b""


def _opened(path: str) -> BinaryIO:
    make_folder(os.path.dirname(path))  # noqa: PTH120  text paths, as everywhere in io
    return open(path, "ab", buffering=0)  # noqa: PTH123  as above; closed by who asks


def tidy(path: str, *, limit: int = MAX_BYTES) -> None:
    """Hold a log that another process wrote to what holds for all: none that is empty, none far past the limit."""
    try:
        size = os.path.getsize(path)  # noqa: PTH202  text paths, as everywhere in io
    except FileNotFoundError:
        return
    if not size:
        os.unlink(path)  # noqa: PTH108  as above
        return
    left_out = size - limit - END_BYTES
    if left_out > END_BYTES:
        with open(path, "r+b") as file:  # noqa: PTH123  as above
            file.seek(-END_BYTES, os.SEEK_END)
            end = file.read()
            file.seek(limit)
            file.write(_cut(left_out) + end)
            file.truncate()


def tail(path: str, lines: int) -> list[str]:
    """The last lines of a log; none when nothing was written."""
    if not os.path.isfile(path):  # noqa: PTH113  text paths, as everywhere in io
        return []
    with open(path, "rb") as file:  # noqa: PTH123  as above
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - END_BYTES))
        text = file.read().decode(errors="replace").replace("\r\n", "\n")
    # Only here ends a line: a bar of progress goes back and writes over itself.
    return text.removesuffix("\n").split("\n")[-lines:] if text else []
