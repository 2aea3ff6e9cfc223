"""A traceback as its reader wants it: the user's own frames, without ours and those of libraries."""

from __future__ import annotations

from pathlib import Path
from traceback import TracebackException
from typing import Final

from lakewright.loading.source import is_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_CAUSED: Final = "which led to:"


def user_traceback(error: BaseException, root: Path) -> str:
    """The frames of an error that are the user's own, each in two lines: place and source.

    What caused the error comes before it. Empty when no frame is the user's.

    Args:
        error: what was raised.
        root: paths below it are shown relative to it.
    """
    return "\n".join(_lines(TracebackException.from_exception(error), root))


def _lines(trace: TracebackException, root: Path) -> Iterator[str]:
    cause = trace.__cause__ or (None if trace.__suppress_context__ else trace.__context__)
    if cause:
        yield from _lines(cause, root)
        yield from ("".join(cause.format_exception_only()).rstrip(), "", _CAUSED)
    for frame in trace.stack:
        if is_users(frame.filename):
            yield f"{_shown(frame.filename, root)}:{frame.lineno}  in {frame.name}"
            yield f"    {frame.line}"


def _shown(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file
