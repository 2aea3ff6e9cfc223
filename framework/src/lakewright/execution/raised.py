"""From an exception to what can be told of it, here and in another process."""

from __future__ import annotations

from typing import Final

from lakewright.errors.raised import Frame, Raised, Traceback
from lakewright.errors.running import ProcessFailedError
from lakewright.text.exceptions import class_name, message_of

# Of a longer chain, or of a larger group, the rest tells nobody anything.
_MOST: Final = 20

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from traceback import TracebackException


def raised(error: BaseException) -> Raised:
    """What was raised; for an error that stands for what another process raised, that.

    >>> raised(KeyError("day")).kinds
    ('KeyError', 'LookupError', 'Exception', 'BaseException', 'object')
    """
    if isinstance(error, ProcessFailedError) and error.raised is not None:
        return error.raised
    # Only failures cost its import.
    from traceback import TracebackException

    return Raised(message_of(error), kinds_of(error), tuple(_tracebacks(TracebackException.from_exception(error))))


def kinds_of(error: BaseException) -> tuple[str, ...]:
    """The names of an exception's class and of those above it, wherever it was raised."""
    if isinstance(error, ProcessFailedError) and error.raised is not None:
        return error.raised.kinds
    return tuple(class_name(kind) for kind in type(error).__mro__)


def _tracebacks(trace: TracebackException) -> Iterator[Traceback]:
    """The exception, what led to it, and the parts of a group; what is nearest to it comes last."""
    pending, found = [trace], list[Traceback]()
    while pending and len(found) < _MOST:
        each = pending.pop()
        frames = (Frame(frame.filename, frame.lineno or 0, frame.name, frame.line or "") for frame in each.stack)
        found.append(Traceback("".join(each.format_exception_only()).rstrip(), tuple(frames)))
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        # Groups came with Python 3.11.
        pending += [*([cause] if cause else ()), *reversed(getattr(each, "exceptions", None) or ())]
    yield from reversed(found)
