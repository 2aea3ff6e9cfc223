"""A traceback as its reader wants it: the user's own frames, without ours and those of libraries."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

from lakewright.execution.raised import raised
from lakewright.loading.source import is_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.errors.raised import Frame, Traceback

_CAUSED: Final = "which led to:"


def user_traceback(error: BaseException, root: Path) -> str:
    """The frames of an error that are the user's own, each in two lines: place and source.

    What caused the error comes before it. Empty when no frame is the user's.

    Args:
        error: what was raised, here or in another process.
        root: paths below it are shown relative to it.
    """
    own = raised(error).tracebacks[-1]
    before = (
        line for cause in reversed([*_led_to(error)]) for line in (*_lines(cause, root), cause.error, "", _CAUSED)
    )
    return "\n".join((*before, *_lines(own, root)))


def causes(error: BaseException) -> Iterator[tuple[str, Frame | None]]:
    """What led to an error, the nearest first: its type and message, and the user's own line that it comes from."""
    for trace in _led_to(error):
        yield trace.error, innermost(trace)


def _led_to(error: BaseException) -> Iterator[Traceback]:
    """What led to an error, the nearest first, but not where one of ours led to another, which tells it all."""
    found = raised(error).tracebacks[::-1]
    for follows, trace in pairwise(found):
        if not (_is_ours(follows) and _is_ours(trace)):
            yield trace


def _is_ours(trace: Traceback) -> bool:
    return trace.error.startswith("lakewright.")


def innermost(trace: Traceback) -> Frame | None:
    """The innermost frame that is the user's own."""
    return next((frame for frame in reversed(trace.frames) if is_users(frame.file)), None)


def _lines(trace: Traceback, root: Path) -> Iterator[str]:
    for frame in trace.frames:
        if is_users(frame.file):
            yield f"{_shown(frame.file, root)}:{frame.line}  in {frame.function}"
            yield f"    {frame.source}"


def _shown(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file
