"""A trace of OpenTelemetry from process to process, by the variables that its conventions name.

Nothing of OpenTelemetry is imported where the process has not done so itself, to set up a tracer provider.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Final

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.context import Context

_CARRIED: Final = ("TRACEPARENT", "TRACESTATE")


def is_used() -> bool:
    """Whether this process has loaded the API of OpenTelemetry."""
    return "opentelemetry.trace" in sys.modules


def trace_variables() -> Mapping[str, str]:
    """The variables by which a process that is started here goes on with the trace at hand."""
    if not is_used():
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return {name.upper(): value for name, value in carrier.items()}


def carried() -> Context | None:
    """The trace that the environment of this process names; None where there is none."""
    carrier = {name.lower(): os.environ[name] for name in _CARRIED if name in os.environ}
    if not carrier:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract(carrier)


@contextmanager
def continued() -> Iterator[None]:
    """Spans that a task makes in a process of its own are below that of its attempt."""
    trace = carried() if is_used() else None
    if trace is None:
        yield
        return
    from opentelemetry.context import attach, detach

    token = attach(trace)
    try:
        yield
    finally:
        detach(token)
