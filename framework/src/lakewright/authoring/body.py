"""A body: the function that describes a job, traced when someone first asks."""

from __future__ import annotations

import threading
from typing import Protocol, runtime_checkable

from lakewright.authoring.current import current_recorder
from lakewright.errors.authoring import NestedJobError, TraceError
from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.authoring.tracing import Trace
    from lakewright.errors.base import Location


@runtime_checkable
class HasBody(Protocol):
    """Whatever carries a body: the jobs and pipelines that users define."""

    body: Body


class Body:
    """The function behind a job and, once traced, what it describes.

    Args:
        function: the user's function.
        name: the job's name.
    """

    def __init__(self, function: Callable[..., object], *, name: str) -> None:
        self.function = function
        self.name = name
        self._lock = threading.Lock()
        self._trace: Trace | None = None

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

    def _traced(self) -> Trace:
        # A worker whose task stands at module level never traces: it need not load any of this.
        from lakewright.authoring.parameters import parameters_of
        from lakewright.authoring.tracing import Tracer

        parameters = parameters_of(self.function, job=self.name)
        tracer = Tracer(self.name, self.function.__code__)
        handles = {parameter.name: tracer.parameter(parameter.name) for parameter in parameters}
        try:
            with tracer.open():
                result = self.function(**handles)
        except LakewrightError:
            raise
        except Exception as error:
            # A library may have put its own error in the place of ours.
            raise tracer.refusal or self._broken(error) from error
        return tracer.trace(result, parameters)

    def _broken(self, error: Exception) -> TraceError:
        from lakewright.authoring.callsite import with_excerpt
        from lakewright.loading.source import failing_line

        # Only errors need it.
        from lakewright.text.exceptions import said

        message = f"the body of job '{self.name}' raised {said(error)}"
        hint = "Outputs of tasks are no data in a body: what needs data is done inside a task."
        location = failing_line(error) or self.location
        return with_excerpt(TraceError(message, location=location, hint=hint if isinstance(error, TypeError) else ""))


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
