"""Jobs and findings as `databricks-bundles` wants them."""

from __future__ import annotations

from databricks.bundles.core import Diagnostic as BundleDiagnostic
from databricks.bundles.core import Diagnostics, Location, Resources, Severity
from databricks.bundles.jobs import Job

from lakewright.databricks.jobs import job_definition
from lakewright.model.validation import errors
from lakewright.text.names import slug

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.errors.base import Location as SourceLocation
    from lakewright.model.diagnostics import Finding
    from lakewright.model.job import JobDefinition


def resource_key(job: JobDefinition) -> str:
    """The name of a job inside its bundle."""
    return slug(job.name, limit=len(job.name)).replace("-", "_") or "job"


def resources(jobs: Sequence[JobDefinition], findings: Sequence[Finding]) -> Resources:
    """What `load_resources` returns: every finding as a diagnostic, and the jobs unless a finding is an error."""
    found = Resources()  # type: ignore[no-untyped-call]  # its __init__ has no annotations
    found.add_diagnostics(Diagnostics(items=tuple(_diagnostic(finding) for finding in findings)))
    if errors(findings):
        return found
    for job in jobs:
        # `from_dict` checks every field by itself; its typed dict would only say the same again.
        resource = Job.from_dict(job_definition(job))  # type: ignore[arg-type]  # a plain dict
        found.add_resource(resource_key(job), resource, location=_location(job.location))
    return found


def _diagnostic(finding: Finding) -> BundleDiagnostic:
    return BundleDiagnostic(
        severity=Severity.ERROR if finding.severity == "error" else Severity.WARNING,
        summary=f"{finding.message} [{finding.code}]",
        detail=finding.hint or None,
        location=_location(finding.location),
    )


def _location(place: SourceLocation | None) -> Location | None:
    return Location(file=place.file, line=place.line, column=place.column or 1) if place else None
