"""From an exception to what can be told of it, here and in another process."""

from __future__ import annotations

from lakewright.errors.raised import Frame, Raised, Traceback
from lakewright.errors.running import ProcessFailedError
from lakewright.text.exceptions import message_of

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
    return tuple(name_of(kind) for kind in type(error).__mro__)


def name_of(kind: type) -> str:
    """`module.name` of a class; of a builtin its name."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _tracebacks(trace: TracebackException) -> Iterator[Traceback]:
    cause = trace.__cause__ or (None if trace.__suppress_context__ else trace.__context__)
    if cause:
        yield from _tracebacks(cause)
    frames = (Frame(frame.filename, frame.lineno or 0, frame.name, frame.line or "") for frame in trace.stack)
    yield Traceback("".join(trace.format_exception_only()).rstrip(), tuple(frames))
