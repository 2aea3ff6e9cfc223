"""What Databricks' bundles ask a pipeline for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.databricks.pydabs import resources
from lakewright.dependencies.current import current_wheelhouse, read_built_from
from lakewright.errors.base import LakewrightError
from lakewright.model.diagnostics import Finding
from lakewright.project.check import check_jobs, traced
from lakewright.project.discovery import jobs_of
from lakewright.project.pinning import with_wheelhouse
from lakewright.project.repository import PipelineFolder, Repository
from lakewright.project.targets import read_targets
from lakewright.project.wheel_inputs import has_changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from databricks.bundles.core import Bundle, Resources

    from lakewright.model.job import JobDefinition


def load_resources(bundle: Bundle) -> Resources:
    """The jobs of the pipeline in the working directory; what is wrong with them is in the diagnostics.

    A pipeline's `resources/__init__.py` is one line: `from lakewright.project import load_resources`.
    """
    folder = PipelineFolder(Path.cwd())
    try:
        jobs, found = definitions(folder)
        warnings = tuple(_wheel_warnings(folder, bundle.target))
    except LakewrightError as error:
        return resources((), (Finding.from_error(error),))
    return resources(jobs, (*found, *warnings))


def definitions(folder: PipelineFolder) -> tuple[tuple[JobDefinition, ...], tuple[Finding, ...]]:
    """The definitions of the jobs of a pipeline, and all that a deployment would refuse about them.

    They run with the pipeline's wheelhouse if it has one, else with the wheels in ./dist.

    Raises:
        LoadError: a module does not import; the error names it.
        ProjectError: its modules hold no job.
        WheelhouseError: the pipeline's wheelhouse is gone or damaged.
    """
    jobs, failures = traced([each for each in jobs_of(folder) if each.is_deployed])
    return with_wheelhouse(jobs, folder), (*failures, *check_jobs(jobs))


def _wheel_warnings(folder: PipelineFolder, target: str) -> Iterator[Finding]:
    root = Repository.around(folder.path).root
    targets, _ = read_targets(root)
    if current_wheelhouse(folder.path) is None:
        if not targets.target(target).is_development:
            yield Finding(
                code="unpinned-wheels",
                severity="warning",
                message=f"pipeline '{folder.name}' has no wheelhouse: on '{target}' its wheels come from ./dist",
                hint="What they depend on is resolved when a task starts, so two runs may differ. "
                f"Build one: `lakewright wheelhouse build {folder.name}`.",
            )
        return
    known = read_built_from(folder.path)
    if known and has_changed(root, known):
        yield Finding(
            code="stale-wheelhouse",
            severity="warning",
            message=f"pipeline '{folder.name}' has changed since its wheelhouse was built: tasks run the code of then",
            hint=f"Build it again: `lakewright wheelhouse build {folder.name}`.",
        )
