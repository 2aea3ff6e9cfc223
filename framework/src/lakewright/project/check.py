"""All that can be found wrong without a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.errors.base import LakewrightError
from lakewright.model.diagnostics import Finding
from lakewright.model.validation import validate_all
from lakewright.project import targets
from lakewright.project.discovery import jobs_of

if TYPE_CHECKING:
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
    """Findings of every job of a pipeline; a job that cannot be traced is one finding, the others go on."""
    try:
        found = jobs_of(folder)
    except LakewrightError as error:
        return (Finding.from_error(error),)
    traced = [_definition(each) for each in found]
    failures = [each for each in traced if isinstance(each, Finding)]
    return (*failures, *validate_all([each for each in traced if not isinstance(each, Finding)]))


def _definition(found: FoundJob) -> JobDefinition | Finding:
    """A job's definition, or why there is none."""
    try:
        return found.job.definition
    except LakewrightError as error:
        return Finding.from_error(error)
