"""Jobs and findings as `databricks-bundles` wants them."""

from __future__ import annotations

import re
from typing import Final

from databricks.bundles import jobs as models
from databricks.bundles.core import Diagnostic as BundleDiagnostic
from databricks.bundles.core import Diagnostics, Location, Resources, Severity
from databricks.bundles.jobs import Job, Task

from lakewright.databricks.jobs import job_definition
from lakewright.model.diagnostics import Finding
from lakewright.model.names import resource_key
from lakewright.model.validation import errors
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.errors.base import Location as SourceLocation
    from lakewright.model.job import JobDefinition

_UNEXPECTED: Final = re.compile(r"Unexpected field '(?P<field>.*)' for class (?P<model>\w+)")


def resources(jobs: Sequence[JobDefinition], findings: Sequence[Finding]) -> Resources:
    """What `load_resources` returns: every finding as a diagnostic, and the jobs unless a finding is an error."""
    found = Resources()  # type: ignore[no-untyped-call]  # its __init__ has no annotations
    found.add_diagnostics(Diagnostics(items=tuple(_diagnostic(finding) for finding in findings)))
    if errors(findings):
        return found
    for job in jobs:
        # `from_dict` checks every field by itself; its typed dict would only say the same again.
        resource = Job.from_dict(job_definition(job))  # type: ignore[arg-type]  # a plain dict
        found.add_resource(resource_key(job.name), resource, location=_location(job.location))
    return found


def refused_fields(job: JobDefinition) -> Iterator[Finding]:
    """What `databricks-bundles` refuses in a definition, at the line of the job or task that says it.

    Args:
        job: a job without other errors.
    """
    definition = job_definition(job)
    tasks = definition.pop("tasks", ())
    yield from _refused(Job.from_dict, definition, owner=f"job '{job.name}'", place=job.location)
    places = {task.key: task.location for task in job.dag.tasks}
    for task in tasks if isinstance(tasks, list) else ():
        key = task.get("task_key")
        yield from _refused(Task.from_dict, task, owner=f"task '{key}'", place=places.get(key) or job.location)


def _refused(
    read: Callable[..., object], definition: Mapping[str, object], *, owner: str, place: SourceLocation | None
) -> Iterator[Finding]:
    try:
        read(dict(definition))
    except (TypeError, ValueError) as error:
        match = _UNEXPECTED.fullmatch(str(error))
        if match is None:
            message = f"the Databricks settings of {owner} cannot be: {error}"
            yield Finding(code="field-value", message=message, location=place)
            return
        known = getattr(getattr(models, match["model"], None), "__dataclass_fields__", ())
        message = f"{owner} has the field '{match['field']}', which Databricks does not know in {match['model']}"
        yield Finding(code="unknown-field", message=f"{message}{did_you_mean(match['field'], known)}", location=place)


def _diagnostic(finding: Finding) -> BundleDiagnostic:
    return BundleDiagnostic(
        severity=Severity.ERROR if finding.severity == "error" else Severity.WARNING,
        summary=f"{finding.message} [{finding.code}]",
        detail=finding.hint or None,
        location=_location(finding.location),
    )


def _location(place: SourceLocation | None) -> Location | None:
    return Location(file=place.file, line=place.line, column=place.column or 1) if place else None
