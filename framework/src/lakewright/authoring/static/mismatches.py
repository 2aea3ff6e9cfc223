"""Outputs that a task cannot take, as far as annotations tell."""

from __future__ import annotations

from typing import Final

from lakewright.authoring.annotations import annotation, describe
from lakewright.authoring.shape import shape_of
from lakewright.authoring.static.types import excludes
from lakewright.errors.authoring import AnnotationError, StaticAnalysisError
from lakewright.model.binding import Output
from lakewright.model.diagnostics import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.authoring.call import AnyTask
    from lakewright.authoring.tracing import Trace

_SPREAD: Final = frozenset({"star", "double_star"})


def mismatches(trace: Trace) -> Iterator[Finding]:
    """A finding for each argument whose parameter cannot take what the producer gives.

    Args:
        trace: of a body, traced or read.
    """
    for task in trace.dag.tasks:
        # Conditions and their like are the framework's own, and take what they compare.
        if f"{task.function.module}.".startswith("lakewright."):
            continue
        consumer = trace.functions.get(task.key)
        for argument in task.arguments:
            output = argument.binding
            if consumer is None or not isinstance(output, Output) or argument.kind in _SPREAD:
                continue
            producer = trace.functions.get(output.task)
            given = _given(producer, output) if producer is not None else None
            wanted = _annotation(consumer, argument.name)
            if given is not None and wanted is not None and excludes(wanted, given):
                message = (
                    f"argument '{argument.name}' of task '{task.key}' is {describe(wanted)}, "
                    f"and task '{output.task}' gives {describe(given)}"
                )
                hint = "Change one of the two annotations, or put a task between them."
                yield Finding(
                    code="type-mismatch", severity="warning", message=message, location=task.location, hint=hint
                )


def _given(producer: AnyTask, output: Output) -> object:
    """The type of an output, or of a part of it; None where it is not known."""
    found = _annotation(producer, "return")
    for step in output.path:
        shape = shape_of(found)
        part = shape.attribute(step) if isinstance(step, str) else None
        part = part or shape.item(step)
        if part is None:
            return None
        found = part.annotation
    return found


def _annotation(task: AnyTask, name: str) -> object:
    try:
        return annotation(task.function, name)
    except (AnnotationError, StaticAnalysisError):
        return None
