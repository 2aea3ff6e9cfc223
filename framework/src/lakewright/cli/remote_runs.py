"""How runs on a workspace stand, as `lakewright runs status` tells it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import complain_of, say
from lakewright.databricks.run_status import follow, run_status
from lakewright.databricks.workspace import Workspace
from lakewright.project.bundle import configuration
from lakewright.project.repository import Repository
from lakewright.project.targets import deployable_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.databricks.run_status import RunStatus


def told(run_id: int, target: str, *, waits: bool, as_json: bool) -> int:
    """Tell how a run stands; the exit code.

    Raises:
        UsageError: there is no such target.
        WorkspaceError: the run cannot be asked for.
    """
    workspace = _workspace(target)
    statuses = follow(workspace, run_id, tell=complain_of) if waits else _once(workspace, run_id)
    last: RunStatus | None = None
    for found in statuses:
        if not as_json and found != last:
            say(_line(found, with_tasks=found.is_over or not waits))
        last = found
    if as_json and last is not None:
        say(json.dumps({**asdict(last), "tasks": dict(last.tasks)}, indent=2))
    return FAILED if last and last.is_over and not last.is_success else DONE


def _once(workspace: Workspace, run_id: int) -> Iterator[RunStatus]:
    yield run_status(workspace, run_id, tell=complain_of)


def _workspace(target: str) -> Workspace:
    """The workspace of a target, as the bundles around here name it."""
    here = Path.cwd()
    repository = Repository.around(here)
    deployable_target(repository.root, target)
    folder = next(iter(repository.here(here)))
    return Workspace.of(configuration(folder.path, target)["workspace"])


def _line(found: RunStatus, *, with_tasks: bool) -> str:
    mark = "…" if not found.is_over else "✔" if found.is_success else "✘"
    lines = [" ".join(filter(None, (f" {mark} run {found.run_id}   {_words(found.state)}", found.message)))]
    if with_tasks:
        lines += [f"     {key}   {_words(state)}" for key, state in found.tasks]
        lines += [f"   {found.page}"] if found.page else []
    return "\n".join(lines)


def _words(state: str) -> str:
    return state.replace("_", " ").lower()
