"""Where in the user's source a call stands."""

from __future__ import annotations

import sys
from itertools import islice
from os import getcwd, path
from typing import Final

from lakewright.errors.base import LakewrightError, Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType

    # A call is told from others by where it stands in each frame up to the body, never by its line alone.
    Site = tuple[tuple[CodeType, int], ...]

_PACKAGE: Final = path.dirname(path.dirname(path.abspath(__file__))) + path.sep  # noqa: PTH120, PTH100  pathlib costs 10 ms at import
_BYTES_PER_INSTRUCTION: Final = 2


def user_frame() -> FrameType:
    """The innermost frame that is not lakewright's own."""
    frame = sys._getframe(1)  # noqa: SLF001  the documented way to a caller's frame
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame


def site(frame: FrameType, body: CodeType) -> Site:
    """The instruction of each frame from `frame` up to the body that is being traced."""
    found = [(frame.f_code, frame.f_lasti)]
    current: FrameType | None = frame
    while current is not None and current.f_code is not body:
        current = current.f_back
        if current is not None:
            found.append((current.f_code, current.f_lasti))
    return tuple(found)


def shown_path(file: str) -> str:
    """`file` relative to the working directory where it lies below it."""
    here = getcwd() + path.sep  # noqa: PTH109  pathlib costs 10 ms at import
    return file[len(here) :] if file.startswith(here) else file


def location(frame: FrameType, *, columns: bool = False) -> Location:
    """The line that a frame stands at, with the columns of the call where Python keeps them (3.11+)."""
    code = frame.f_code
    line = frame.f_lineno
    if columns and sys.version_info >= (3, 11):
        positions = next(islice(code.co_positions(), frame.f_lasti // _BYTES_PER_INSTRUCTION, None), None)
        if (
            positions
            and positions[0]
            and positions[0] == positions[1]
            and positions[2] is not None
            and positions[3] is not None
        ):
            return Location(shown_path(code.co_filename), positions[0], positions[2] + 1, positions[3] + 1)
    return Location(shown_path(code.co_filename), line)


def definition_location(code: CodeType) -> Location:
    """Where a function is defined."""
    return Location(shown_path(code.co_filename), code.co_firstlineno)


def located(error: LakewrightError, frame: FrameType | None = None) -> LakewrightError:
    """The error with the user's line and its source, for `raise located(…)`."""
    # Only errors read source files.
    from linecache import getline

    from lakewright.text.excerpts import excerpt

    frame = frame or user_frame()
    place = location(frame, columns=True)
    text = getline(frame.f_code.co_filename, place.line)
    error.location = place
    if text.strip():
        error.excerpt = excerpt(text, place.line, column=place.column, end_column=place.end_column)
    return error


def variable_name(frame: FrameType, value: object) -> str:
    """The name under which a frame holds `value`; empty when it has none."""
    return next((name for name, held in frame.f_locals.items() if held is value), "")
