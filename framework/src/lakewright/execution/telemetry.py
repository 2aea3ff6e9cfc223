"""Spans of OpenTelemetry: one for a run, below it one for each attempt, below that what tasks make themselves.

Who wants spans has set up a tracer provider before the run, so the API is loaded by then. Where it is not, nothing of
it is imported, and a run pays for one look into `sys.modules`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Final

from lakewright.errors.running import TimedOutError
from lakewright.execution.raised import raised
from lakewright.execution.traces import carried, is_used
from lakewright.model.states import State
from lakewright.text.exceptions import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from opentelemetry.trace import Span, Tracer
    from typing_extensions import Self

    from lakewright.errors.raised import Traceback
    from lakewright.execution.result import Judged
    from lakewright.io.paths import RunPaths
    from lakewright.model.record import CommitRecord

    Attempt = Callable[[str, int], CommitRecord]

JOB: Final = "lakewright.job"
RUN: Final = "lakewright.run.id"
TARGET: Final = "lakewright.target"
STATUS: Final = "lakewright.run.status"
LEAF_STATUS: Final = "lakewright.run.leaf_status"
TASK: Final = "lakewright.task.key"
ATTEMPT: Final = "lakewright.task.attempt"
STATE: Final = "lakewright.task.state"
ROWS: Final = "lakewright.task.rows"
REASON: Final = "lakewright.task.reason"
_NOT_RUN: Final = frozenset({State.UPSTREAM_FAILED, State.EXCLUDED, State.CANCELLED})


class RunSpans:
    """The spans of one run within `with`; none where this process has not set up OpenTelemetry."""

    def __init__(self, paths: RunPaths, *, target: str = "") -> None:
        self._paths = paths
        self._target = target
        self._tracer: Tracer | None = None
        self._span: Span | None = None

    def __enter__(self) -> Self:
        """Start the span of the run, below the span at hand or the one that the environment names."""
        if not is_used():
            return self
        from opentelemetry import trace

        outer = trace.get_current_span().get_span_context().is_valid
        tracer = trace.get_tracer("lakewright")
        span = tracer.start_span(
            f"run {self._paths.job}",
            context=None if outer else carried(),
            attributes={**self._run, **({TARGET: self._target} if self._target else {})},
        )
        if span.get_span_context().is_valid:
            self._tracer, self._span = tracer, span
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._span is not None:
            if error is not None:
                _fail(self._span, error)
            self._span.end()

    @property
    def _run(self) -> Mapping[str, str | int]:
        return {JOB: self._paths.job, RUN: self._paths.run_id}

    def around(self, attempt: Attempt) -> Attempt:
        """The function that makes an attempt, with a span around it; itself where there are no spans."""
        if self._span is None:
            return attempt

        def traced(key: str, number: int) -> CommitRecord:
            with self.attempt(key, number) as span:
                try:
                    record = attempt(key, number)
                except BaseException as error:
                    state = State.TIMED_OUT if isinstance(error, TimedOutError) else State.FAILED
                    tell(span, state, error=error)
                    raise
                tell(span, State.SUCCESS, rows=record.rows)
                return record

        return traced

    @contextmanager
    def attempt(self, key: str, number: int) -> Iterator[Span | None]:
        """The span of an attempt, below that of the run, for what happens meanwhile in this context."""
        if self._tracer is None or self._span is None:
            yield None
            return
        from opentelemetry.trace import set_span_in_context

        # What went wrong is told in our own words, whatever the error does when it is asked.
        with self._tracer.start_as_current_span(
            f"task {key}",
            set_span_in_context(self._span),
            attributes={**self._run, TASK: key, ATTEMPT: number},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield span

    def end(self, result: Judged) -> None:
        """Tell how the run ended, and which tasks did not run."""
        if self._span is None:
            return
        self._span.set_attributes({STATUS: result.status, LEAF_STATUS: result.leaf_status})
        if result.status != State.SUCCESS.value:
            _set_error(self._span, "")
        for key, outcome in result.outcomes.items():
            if outcome.state in _NOT_RUN:
                about = {TASK: key, STATE: outcome.state.value, REASON: outcome.reason}
                self._span.add_event("task did not run", about)


def tell(span: Span | None, state: State, *, rows: int | None = None, error: BaseException | None = None) -> None:
    """Tell how an attempt ended, where there is a span for it."""
    if span is None:
        return
    span.set_attribute(STATE, state.value)
    if rows is not None:
        span.set_attribute(ROWS, rows)
    if error is not None:
        _fail(span, error)


def _fail(span: Span, error: BaseException) -> None:
    """Record an error, of this process or another, as OpenTelemetry's conventions for exceptions say."""
    told = raised(error)
    kind = told.kinds[0]
    stack = "\n".join(line for trace in told.tracebacks for line in _lines(trace))
    about = {"exception.type": kind, "exception.message": told.message, "exception.stacktrace": stack}
    span.add_event("exception", about)
    span.set_attribute("error.type", kind)
    _set_error(span, said(error))


def _lines(trace: Traceback) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    for frame in trace.frames:
        yield f'  File "{frame.file}", line {frame.line}, in {frame.function}'
        yield f"    {frame.source}"
    yield trace.error


def _set_error(span: Span, description: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR, description))
