"""All that can be found wrong without a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.errors.base import LakewrightError
from lakewright.model.diagnostics import Finding
from lakewright.model.validation import validate_all
from lakewright.project import targets
from lakewright.project.discovery import jobs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition
    from lakewright.project.repository import PipelineFolder


def check_targets(root: Path) -> tuple[Finding, ...]:
    """Findings of `targets.yml`."""
    try:
        return targets.findings(*targets.read_targets(root))
    except LakewrightError as error:
        return (Finding.from_error(error),)


def check_pipeline(folder: PipelineFolder) -> tuple[Finding, ...]:
    """Findings of every job of a pipeline; a job that cannot be traced is one finding, the others go on."""
    try:
        found = jobs_of(folder)
    except LakewrightError as error:
        return (Finding.from_error(error),)
    definitions, failures = [], []
    for each in found:
        try:
            definitions.append(each.job.definition)
        except LakewrightError as error:
            failures.append(Finding.from_error(error))
    return (*failures, *check_jobs(definitions))


def check_jobs(jobs: Sequence[JobDefinition]) -> tuple[Finding, ...]:
    """Findings of jobs that could be traced."""
    return validate_all(jobs)
