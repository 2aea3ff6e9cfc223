"""Which files are the user's own: neither this package's, nor Python's, nor a library's."""

from __future__ import annotations

import threading
from functools import cache
from os import getcwd, path
from typing import Final

from lakewright.errors.base import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    # The first and the last line, and where on them it starts and ends in bytes of UTF-8, as Python's code and trees
    # have it.
    Span = tuple[int, int | None, int, int | None]

# `os.path`, because `pathlib` costs ten milliseconds and every traced job and every error needs this.
_PACKAGE: Final = path.dirname(path.dirname(path.abspath(__file__))) + path.sep  # noqa: PTH100, PTH120  as above
_PYTHON: Final = path.dirname(path.abspath(threading.__file__)) + path.sep  # noqa: PTH100, PTH120  as above
_LIBRARIES: Final = (f"{path.sep}site-packages{path.sep}", f"{path.sep}dist-packages{path.sep}")


@cache
def is_ours(file: str) -> bool:
    """Whether a file belongs to this package."""
    return file.startswith(_PACKAGE)


@cache
def is_users(file: str) -> bool:
    """Whether a file is the user's own.

    >>> is_users(__file__), is_users(threading.__file__), is_users("<frozen runpy>"), is_users("jobs.py")
    (False, False, False, True)
    """
    # Methods that a decorator has written, such as those of dataclasses, call themselves <string>.
    foreign = file.startswith((_PACKAGE, _PYTHON, "<frozen ", "<string>")) or any(part in file for part in _LIBRARIES)
    return not foreign


def shown_path(file: str) -> str:
    """`file` relative to the working directory where it lies below it."""
    return file.removeprefix(getcwd() + path.sep)  # noqa: PTH109  as above


def span_location(file: str, span: Span) -> Location:
    """The place of something in a file, in characters; the column of its end only if it is on one line."""
    # Whoever starts a task needs no columns.
    from linecache import getline

    first, last, start, end = span
    line = getline(file, first)
    behind = _column(line, end) if end is not None and first == last else None
    return Location(shown_path(file), first, _column(line, start), behind)


def _column(line: str, offset: int) -> int:
    return (offset if line.isascii() else len(line.encode()[:offset].decode(errors="replace"))) + 1


def failing_line(error: BaseException) -> Location | None:
    """The user's own line that an exception comes from: the innermost of its traceback; None when there is none."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return Location(shown_path(error.filename), error.lineno, error.offset or None)
    found = None
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            found = Location(shown_path(trace.tb_frame.f_code.co_filename), trace.tb_lineno)
        trace = trace.tb_next
    return found
