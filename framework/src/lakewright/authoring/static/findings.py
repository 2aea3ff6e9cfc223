"""What the source of a body says beside its DAG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.static.body import ReadBody
from lakewright.authoring.static.mismatches import mismatches
from lakewright.authoring.static.uses import shadowing
from lakewright.errors.base import LakewrightError

if TYPE_CHECKING:
    from lakewright.authoring.body import Body
    from lakewright.authoring.static.sources import Sources
    from lakewright.model.diagnostics import Finding


def findings(body: Body, sources: Sources | None = None) -> tuple[Finding, ...]:
    """What is doubtful in a body as it is written; of one whose source does not tell all, what can be told.

    Args:
        body: no statement of it is run.
        sources: of modules that are read too.
    """
    while isinstance(body, ChangedBody):
        body = body.original
    read = ReadBody(body, sources)
    names = getattr(body.function, "__globals__", {})
    try:
        source = read.source()
    except LakewrightError:
        return ()
    hidden = tuple(shadowing(source, names))
    try:
        trace = read.trace()
    except LakewrightError:
        # Whatever is wrong with the body, tracing says it.
        return hidden
    return (*hidden, *read.uses.findings(source, names), *mismatches(trace))
