"""A body: the function that describes a job, traced when someone first asks."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Final, Protocol, runtime_checkable

from lakewright.authoring.current import current_recorder
from lakewright.errors.authoring import LoopError, NestedJobError, TraceError
from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.guard import Guard
    from lakewright.authoring.merging import Path
    from lakewright.authoring.tracing import Trace, Tracer
    from lakewright.errors.base import Location
    from lakewright.model.parameter import Parameter

_PASSES: Final = 2
# Another number than loops run with at first.
_PASSES_TO_COMPARE: Final = 3


@runtime_checkable
class HasBody(Protocol):
    """Whatever carries a body: the jobs and pipelines that users define."""

    body: Body


class Body:
    """The function behind a job and, once traced, what it describes.

    Args:
        function: the user's function.
        name: the job's name.
        known: values of parameters that its conditions are decided by; others go all ways.
    """

    def __init__(
        self, function: Callable[..., object], *, name: str, known: Mapping[str, object] | None = None
    ) -> None:
        self.function = function
        self.name = name
        self.known = known or {}
        self._lock = threading.Lock()
        self._trace: Trace | None = None

    @property
    def file(self) -> str:
        """The file that it is defined in."""
        return self.function.__code__.co_filename

    @property
    def module(self) -> str:
        """The module that it is defined in."""
        return self.function.__module__

    @property
    def location(self) -> Location:
        """Where the body is defined."""
        from lakewright.authoring.callsite import definition_location

        return definition_location(self.function.__code__)

    def trace(self) -> Trace:
        """The DAG that the body describes; the body runs once, its tasks never.

        Raises:
            AuthoringError: the body does something that no DAG can say.
        """
        refuse_inside_body(self.name, "used")
        with self._lock:
            if self._trace is None:
                self._trace = self._traced()
            return self._trace

    def check_plain(self) -> None:
        """Nothing, where the function may be called as it is: as part of another body, or as plain Python."""

    def specialised(self, known: Mapping[str, object]) -> Body:
        """The same, its conditions decided by values of parameters."""
        return Body(self.function, name=self.name, known={**self.known, **known})

    def called(self, handles: Mapping[str, object]) -> object:
        """What the function returns for the handles of its parameters."""
        with self._guard.watching():
            return self.function(**handles)

    @cached_property
    def _guard(self) -> Guard:
        from lakewright.authoring.guard import Guard

        return Guard(self.function)

    def _traced(self) -> Trace:
        # A worker whose task stands at module level never traces: it need not load any of this.
        from lakewright.authoring.parameters import parameters_of

        parameters = parameters_of(self.function, job=self.name)
        tracer = self._tracer(_PASSES)
        trace = self._trace_with(tracer, parameters, passes=_PASSES)
        if tracer.loop is not None:
            again = self._trace_with(self._tracer(_PASSES_TO_COMPARE), parameters, passes=_PASSES_TO_COMPARE)
            _check_length_unused(trace, again, tracer.loop)
        return trace

    def _trace_with(self, tracer: Tracer, parameters: Sequence[Parameter], *, passes: int) -> Trace:
        returned = self._run(tracer, parameters)
        if not tracer.branches:
            return tracer.trace(returned, parameters)
        # Only bodies that branch pay for it.
        from lakewright.authoring.branched import branched
        from lakewright.authoring.exploring import explored

        def follow(given: Sequence[bool]) -> Path:
            on_path = self._tracer(passes, given)
            return on_path.path(self._run(on_path, parameters))

        return branched(tracer, explored(tracer.path(returned), follow), parameters)

    def _tracer(self, passes: int, given: Sequence[bool] = ()) -> Tracer:
        from lakewright.authoring.tracing import Tracer

        return Tracer(self.name, self.function.__code__, passes=passes, given=given, known=self.known)

    def _run(self, tracer: Tracer, parameters: Sequence[Parameter]) -> Draft | None:
        """Run the body once; what it returns."""
        handles = {parameter.name: tracer.parameter(parameter) for parameter in parameters}
        try:
            with tracer.open():
                result = self.called(handles)
        except LakewrightError as error:
            if tracer.outcomes():
                error.hint += f"\nThis is where the body comes when {tracer.outcomes()}."
            if tracer.put_off:
                raise tracer.put_off.together(error) from error
            raise
        except Exception as error:
            if tracer.put_off:
                raise tracer.put_off.together() from error
            # A library may have put its own error in the place of ours.
            raise tracer.refusal or self._broken(error, tracer.outcomes()) from error
        return tracer.returned(result)

    def _broken(self, error: Exception, outcomes: str) -> TraceError:
        from lakewright.authoring.callsite import with_excerpt
        from lakewright.loading.source import failing_line

        # Only errors need it.
        from lakewright.text.exceptions import said

        way = f", which it does when {outcomes}" if outcomes else ""
        message = f"the body of job '{self.name}' raised {said(error)}{way}"
        hint = "Outputs of tasks are no data in a body: what needs data is done inside a task."
        if outcomes:
            hint = "Let a task raise, or annotate a parameter with Literal[…] or an Enum: then only its values count."
        location = failing_line(error) or self.location
        shown = hint if outcomes or isinstance(error, TypeError) else ""
        return with_excerpt(TraceError(message, location=location, hint=shown))


def _check_length_unused(trace: Trace, again: Trace, loop: Location) -> None:
    """Raise if the DAG depends on how many elements the body was shown of a list: it shall not know."""
    from lakewright.authoring.callsite import with_excerpt

    if again.dag != trace.dag:
        message = "what the body does depends on how many elements the list of this loop has"
        hint = "That is known only when the job runs: len() and the like of what a loop collects go into a task."
        raise with_excerpt(LoopError(message, location=loop, hint=hint))


def refuse_inside_body(name: str, what: str) -> None:
    """Raise if a job is used while the body of another one, or its own, is traced.

    Raises:
        NestedJobError: it is.
    """
    recorder = current_recorder.get()
    if recorder is not None:
        message = f"job '{name}' is {what} inside the body of job '{recorder.name}'"
        hint = "Call tasks in a body."
        if name != recorder.name:
            hint += f"\nCall '{name}' itself, as in {name}(…), and its tasks become part of this DAG."
        raise recorder.located(NestedJobError(message, hint=hint))
