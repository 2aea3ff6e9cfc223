"""What the process of a task raised, as its log tells it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lakewright.errors.raised import Frame
from lakewright.execution.log_files import tail
from lakewright.loading.source import is_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADER: Final = "Traceback (most recent call last):"
_GROUP: Final = "  + Exception Group Traceback (most recent call last):"
_MARGIN: Final = "  | "
_FRAME: Final = re.compile(r'  File "(?P<file>.+)", line (?P<line>\d+), in (?P<function>.+)')
_MODULE_OF_ERROR: Final = re.compile(r"(\w+\.)+(?=\w+(:|$))", re.MULTILINE)
_MOST_LINES: Final = 1000
_SHOWN: Final = 40


class LastRaised(NamedTuple):
    """An error, and the innermost line of its traceback that is the user's own, where there is one.

    Attributes:
        error: its type and all of its message.
    """

    error: str
    frame: Frame | None = None


def last_raised(log: str) -> LastRaised | None:
    """What the last traceback in a log tells; None when there is none in what is read of it."""
    lines = tail(log, _MOST_LINES)
    start = _start(lines)
    if start is None:
        return None
    below = lines[start + 1 :]
    if lines[start] == _GROUP:
        below = [line.removeprefix(_MARGIN) for line in below]
    end = next((index for index, line in enumerate(below) if line and not line.startswith(" ")), None)
    return None if end is None else _placed(_error(below[end:]), below[:end])


def printed(log: str, most: int) -> list[str]:
    """The last lines of a log, without the traceback that it ends with."""
    lines = tail(log, _MOST_LINES)
    return lines[: _start(lines)][-most:]


def _start(lines: Sequence[str]) -> int | None:
    """Where the last traceback begins."""
    return next((index for index in reversed(range(len(lines))) if lines[index] in {_HEADER, _GROUP}), None)


def _error(lines: Sequence[str]) -> str:
    shown = [*lines[:_SHOWN], "…"] if len(lines) > _SHOWN else lines
    text = "\n".join(shown).rstrip()
    module = _MODULE_OF_ERROR.match(text)
    return text[module.end() :] if module else text


def _placed(error: str, frames: Sequence[str]) -> LastRaised:
    for index in reversed(range(len(frames))):
        frame = _FRAME.fullmatch(frames[index])
        if frame and is_users(frame["file"]):
            source = frames[index + 1].strip() if index + 1 < len(frames) else ""
            return LastRaised(error, Frame(frame["file"], int(frame["line"]), frame["function"], source))
    return LastRaised(error)
