"""All that can be found wrong without a workspace."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from lakewright.authoring.body import Body
from lakewright.authoring.static.findings import findings
from lakewright.databricks.timezones import timezone_problem
from lakewright.errors.base import LakewrightError
from lakewright.model.diagnostics import Finding, findings_of
from lakewright.model.trigger import Cron
from lakewright.model.validation import errors, validate_all
from lakewright.project import targets
from lakewright.project.discovery import jobs_that_load
from lakewright.project.extras import missing_extras
from lakewright.project.secrets import secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition
    from lakewright.project.discovery import FoundJob
    from lakewright.project.repository import PipelineFolder


def check_targets(root: Path) -> tuple[Finding, ...]:
    """Findings of `targets.yml`."""
    try:
        return targets.findings(*targets.read_targets(root))
    except LakewrightError as error:
        return (Finding.from_error(error),)


def check_pipeline(folder: PipelineFolder) -> tuple[Finding, ...]:
    """Findings of every job of a pipeline; a module that does not import, or a job that cannot be traced, is one."""
    try:
        found, broken = jobs_that_load(folder)
    except LakewrightError as error:
        return (Finding.from_error(error),)
    jobs, failures = traced(found)
    bodies = [each.job.body for each in found if isinstance(each.job.body, Body)]
    doubtful = (*missing_extras(folder, jobs), *(finding for body in bodies for finding in findings(body)))
    return (*map(Finding.from_error, broken), *failures, *check_jobs(jobs), *doubtful)


def traced(found: Sequence[FoundJob]) -> tuple[tuple[JobDefinition, ...], tuple[Finding, ...]]:
    """The definitions of what is deployed, and findings for each job or pipeline that cannot be traced.

    A pipeline that takes data is traced with whoever calls it.
    """
    definitions: list[JobDefinition] = []
    failures: list[Finding] = []
    for each in found:
        if each.is_only_a_part and not each.is_deployed:
            continue
        try:
            definition = each.job.definition
        except LakewrightError as error:
            failures.extend(findings_of(error))
        else:
            definitions.extend([definition] if each.is_deployed else [])
    return tuple(definitions), tuple(failures)


def check_jobs(jobs: Sequence[JobDefinition]) -> tuple[Finding, ...]:
    """Everything about jobs that a deployment would refuse; Databricks' fields where `databricks-bundles` is there."""
    found = (*validate_all(jobs), *(finding for job in jobs for finding in _timezones(job)))
    # A definition can only be made of what is sound.
    return found if errors(found) else (*found, *_refused_fields(jobs), *secrets_of(jobs))


def _timezones(job: JobDefinition) -> Iterator[Finding]:
    schedule = job.settings.schedule
    problem = timezone_problem(schedule.timezone) if isinstance(schedule, Cron) else ""
    if isinstance(schedule, Cron) and problem:
        message = f"the time zone '{schedule.timezone}' of job '{job.name}' {problem}"
        yield Finding(code="timezone", message=message, location=job.location)


def _refused_fields(jobs: Sequence[JobDefinition]) -> tuple[Finding, ...]:
    if find_spec("databricks") is None or find_spec("databricks.bundles") is None:
        return ()
    from lakewright.databricks.pydabs import refused_fields

    return tuple(finding for job in jobs for finding in refused_fields(job))
