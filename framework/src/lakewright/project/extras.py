"""What the jobs of a pipeline need of the framework that its packages do not bring."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lakewright.loading.source import shown_path
from lakewright.model.diagnostics import Finding
from lakewright.project.packages import normalised
from lakewright.project.settings import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition
    from lakewright.project.repository import PipelineFolder

_REQUIREMENT: Final = re.compile(r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[(?P<extras>[^\]]*)\])?")
_PROJECT: Final = "pyproject.toml"
_FRAMEWORK: Final = "lakewright"
_NEEDED: Final = "wheelhouse"


def missing_extras(folder: PipelineFolder, jobs: Sequence[JobDefinition]) -> Iterator[Finding]:
    """A warning for each job that makes packages in its run, where the pipeline does not ask for what makes them."""
    file = folder.path / _PROJECT
    if not file.is_file() or not any(job.settings.dependencies for job in jobs):
        return
    if any(asked.name == _FRAMEWORK and _NEEDED in asked.extras for asked in _closure(file)):
        return
    for job in jobs:
        if job.settings.dependencies:
            yield Finding(
                code="missing-extra",
                severity="warning",
                message=f"job '{job.name}' makes packages of '{job.settings.dependencies}' in its run, and the "
                f"dependencies of '{folder.name}' do not lead to {_FRAMEWORK}[{_NEEDED}], which makes them",
                location=job.location,
                hint=f"Name it in {shown_path(str(file))}, then `uv lock`.",
            )


class _Asked(NamedTuple):
    """A line of dependencies: whose, and with which extras."""

    name: str
    extras: frozenset[str]


def _closure(file: Path) -> Iterator[_Asked]:
    """What a project asks for, and what the packages of its workspace ask for that it leads to."""
    members = _members(file.parent)
    waiting = list(_asked(_project(file), frozenset()))
    seen: set[_Asked] = set()
    while waiting:
        asked = waiting.pop()
        if asked not in seen:
            seen.add(asked)
            yield asked
            waiting += _asked(members.get(asked.name, {}), asked.extras)


def _members(folder: Path) -> dict[str, dict[str, Any]]:
    """The packages of the workspace around a folder, by name."""
    for root in folder.parents:
        workspace = _table(root / _PROJECT).get("tool", {}).get("uv", {}).get("workspace")
        if workspace:
            files = (file for glob in workspace.get("members", ()) for file in root.glob(f"{glob}/{_PROJECT}"))
            return {normalised(str(project.get("name", ""))): project for project in map(_project, files)}
    return {}


def _asked(project: Mapping[str, Any], extras: frozenset[str]) -> Iterator[_Asked]:
    """The lines of a project, and of its own extras that are asked for."""
    optional = project.get("optional-dependencies", {})
    chosen = (lines for extra, lines in optional.items() if normalised(extra) in extras)
    for line in chain(project.get("dependencies", ()), *chosen):
        found = _REQUIREMENT.match(str(line))
        if found:
            named = (found["extras"] or "").split(",")
            yield _Asked(normalised(found["name"]), frozenset(normalised(each.strip()) for each in named))


def _project(file: Path) -> dict[str, Any]:
    project: dict[str, Any] = _table(file).get("project", {})
    return project


def _table(file: Path) -> dict[str, Any]:
    return read_toml(file) if file.is_file() else {}
