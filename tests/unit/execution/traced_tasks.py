"""Tasks that ask OpenTelemetry where they stand, in whatever process they run."""

from opentelemetry import trace

from lakewright import task


@task
def standing() -> dict[str, str]:
    """The trace and the span at hand."""
    here = trace.get_current_span().get_span_context()
    return {"trace": trace.format_trace_id(here.trace_id), "span": trace.format_span_id(here.span_id)}
