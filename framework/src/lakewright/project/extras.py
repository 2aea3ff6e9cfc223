"""What the jobs of a pipeline need of the framework that its packages do not bring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lakewright.loading.source import shown_path
from lakewright.model.diagnostics import Finding
from lakewright.project.settings import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lakewright.model.job import JobDefinition
    from lakewright.project.repository import PipelineFolder

_FRAMEWORK: Final = re.compile(r"\s*lakewright\s*\[(?P<extras>[^\]]*)\]", re.IGNORECASE)
_NEEDED: Final = "wheelhouse"


def missing_extras(folder: PipelineFolder, jobs: Sequence[JobDefinition]) -> Iterator[Finding]:
    """A warning for each job that makes packages in its run, where the pipeline does not ask for what makes them."""
    file = folder.path / "pyproject.toml"
    if not file.is_file() or not any(job.settings.dependencies for job in jobs):
        return
    listed = read_toml(file).get("project", {}).get("dependencies", ())
    if any(_NEEDED in _extras(str(line)) for line in listed):
        return
    for job in jobs:
        if job.settings.dependencies:
            yield Finding(
                code="missing-extra",
                severity="warning",
                message=f"job '{job.name}' makes packages of '{job.settings.dependencies}' in its run, and the "
                f"dependencies of '{folder.name}' do not name lakewright[{_NEEDED}], which makes them",
                location=job.location,
                hint=f"Name it in {shown_path(str(file))}, then `uv lock`.",
            )


def _extras(requirement: str) -> frozenset[str]:
    found = _FRAMEWORK.match(requirement)
    return frozenset(each.strip().lower() for each in found["extras"].split(",")) if found else frozenset()
