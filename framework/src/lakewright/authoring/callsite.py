"""Where in the user's source a call stands."""

from __future__ import annotations

import sys
from itertools import islice
from types import CodeType
from typing import Any, Final, TypeVar

from lakewright.authoring.current import current_reading, current_recorder
from lakewright.errors.base import LakewrightError, Location
from lakewright.loading.source import is_ours, is_users, shown_path, span_location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    # A call is told from others by where it stands in each frame up to the body, never by its line alone: pairs of a
    # code object's id (its hash is computed from all its instructions, each time) and the first instruction of a span.
    Site = tuple[tuple[int, int], ...]
    Span = tuple[int | None, int | None, int | None, int | None]

_BYTES_PER_INSTRUCTION: Final = 2
_UNKNOWN: Final = (None, None, None, None)

E = TypeVar("E", bound=LakewrightError)


def user_frame(body: CodeType | None = None) -> FrameType:
    """The innermost frame of the user's own code; of a body that is read, where the reader stands.

    Args:
        body: where to stop: a body counts as the user's wherever it lies, so that installed pipelines have lines too.
    """
    reading = current_reading.get()
    if reading is not None:
        return reading.frame
    caller = sys._getframe(1)  # noqa: SLF001  the documented way to a caller's frame
    frame: FrameType | None = caller
    while frame is not None:
        if frame.f_code is body or is_users(frame.f_code.co_filename):
            return frame
        frame = frame.f_back
    return _outside_of_us(caller)


def _outside_of_us(frame: FrameType) -> FrameType:
    while is_ours(frame.f_code.co_filename) and frame.f_back is not None:
        frame = frame.f_back
    return frame


class Sites:
    """Where calls stand; what it takes to tell is read once for each code, not once for each call."""

    def __init__(self) -> None:
        # A loop makes all its calls at one place.
        self._known: dict[tuple[int, int], Location] = {}
        # By id, because the hash of a code object is computed from all its instructions; the object is kept with it.
        self._spans: dict[int, list[Span]] = {}
        self._firsts: dict[int, tuple[CodeType, Mapping[int, int]]] = {}

    def site(self, frame: FrameType, body: CodeType) -> Site:
        """The place of each frame from `frame` up to the body that is being traced."""
        found = []
        current: FrameType | None = frame
        while current is not None:
            code, offset = current.f_code, current.f_lasti
            _, firsts = self._firsts.get(id(code)) or self._read_firsts(code)
            found.append((id(code), firsts.get(offset, offset)))
            current = None if code is body else current.f_back
        return tuple(found)

    def _read_firsts(self, code: CodeType) -> tuple[CodeType, Mapping[int, int]]:
        """For each instruction the first one of the same span: of one place Python may make several, as of `finally`.

        Python 3.10 keeps no spans, and a body that is read has an instruction for each place.
        """
        firsts: dict[int, int] = {}
        if sys.version_info >= (3, 11) and is_pythons(code):
            of_span: dict[Span, int] = {}
            spans = self._spans[id(code)] = list(code.co_positions())
            for number, span in enumerate(spans):
                offset = number * _BYTES_PER_INSTRUCTION
                firsts[offset] = of_span.setdefault(span, offset)
        found = self._firsts[id(code)] = (code, firsts)
        return found

    def location(self, code: Any, place: tuple[int, int]) -> Location:  # noqa: ANN401  also of a body that is read
        """The place of the source that a place in a code object, as a `Site` has it, stands for."""
        found = self._known.get(place)
        if found is None:
            offset = place[1]
            found = self._known[place] = self._read(code, offset) if is_pythons(code) else code.location(offset)
        return found

    def _read(self, code: CodeType, offset: int) -> Location:
        """The line, and where Python keeps them the columns: the last one only of what stands on one line."""
        spans = self._spans.get(id(code))
        first, last, start, end = spans[offset // _BYTES_PER_INSTRUCTION] if spans else _UNKNOWN
        if first is None or start is None or end is None:
            return Location(shown_path(code.co_filename), first if first is not None else _line(code, offset))
        return span_location(code.co_filename, (first, last, start, end))


def _line(code: CodeType, offset: int) -> int:
    return next(line for start, end, line in code.co_lines() if line is not None and start <= offset < end)


def is_pythons(code: object) -> bool:
    """Whether code is Python's own, not what stands for it where a body is read."""
    return type(code) is CodeType


def here(frame: FrameType) -> Location:
    """The line that a frame stands at."""
    return _location(frame)


def unpacks(frame: FrameType) -> bool:
    """Whether a frame is about to take a value apart into variables."""
    # Only loops over handles ask.
    from opcode import opname

    return opname[frame.f_code.co_code[frame.f_lasti]].startswith("UNPACK_")


def has_source(file: str) -> bool:
    """Whether the source of a file can be read."""
    from linecache import getlines

    return bool(getlines(file))


def definition_location(code: CodeType) -> Location:
    """Where a function is defined."""
    return Location(shown_path(code.co_filename), code.co_firstlineno)


def located(error: E, frame: FrameType | None = None) -> E:
    """An error with the user's line and its source, ready to be raised; a body that is being traced remembers it."""
    frame = frame or user_frame()
    error.location = _location(frame)
    recorder = current_recorder.get()
    if recorder is not None:
        recorder.refusal = recorder.refusal or error
    return with_excerpt(error)


def with_excerpt(error: E) -> E:
    """An error with the source of its line, if that can be read."""
    place = error.location
    if place is None:
        return error
    source = _source(place.file, place.line)
    if source.strip():
        # Only errors show source.
        from lakewright.text.excerpts import excerpt

        error.excerpt = excerpt(source, place.line, column=place.column, end_column=place.end_column)
    return error


def _source(file: str, line: int) -> str:
    # Only errors read source files.
    from linecache import getline

    return getline(file, line)


def _location(frame: FrameType) -> Location:
    """The line that a frame stands at, with the columns of the call where Python keeps them (3.11+)."""
    reading = current_reading.get()
    if reading is not None:
        return reading.location
    code, line = frame.f_code, frame.f_lineno
    if sys.version_info >= (3, 11):
        instruction = islice(code.co_positions(), frame.f_lasti // _BYTES_PER_INSTRUCTION, None)
        first, last, start, end = next(instruction, _UNKNOWN)
        if first == line and start is not None and end is not None:
            return span_location(code.co_filename, (line, last, start, end))
    return Location(shown_path(code.co_filename), line)


def variable_name(frame: FrameType, value: object) -> str:
    """The name that a frame gives to `value`; empty when it has none."""
    return next((name for name, held in frame.f_locals.items() if held is value), "")
