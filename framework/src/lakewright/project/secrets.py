"""Secrets that must not be where they are: in files of a repository, and in definitions that are generated from it."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from lakewright.databricks.jobs import job_definition
from lakewright.errors.base import Location
from lakewright.errors.git import GitError
from lakewright.loading.source import shown_path
from lakewright.model.diagnostics import Finding
from lakewright.project.packages import FRAMEWORK
from lakewright.project.trees import WorkTree
from lakewright.text.credentials import credentials_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition

_CODE: Final = "secret"
_SUFFIXES: Final = frozenset(
    {
        ".cfg",
        ".env",
        ".ini",
        ".ipynb",
        ".json",
        ".md",
        ".properties",
        ".py",
        ".sh",
        ".sql",
        ".tf",
        ".toml",
        ".yaml",
        ".yml",
    }
)
_LARGEST: Final = 1_000_000
_REVOKE: Final = (
    "Whoever can read the repository can use it: revoke it, and take a new one from where secrets are kept."
)
_WAY_OUT: Final = 'Hand on the name, not the value: secret("scope", "key") is resolved in the task.'


def check_secrets(root: Path) -> tuple[Finding, ...]:
    """Findings of all files that git would take, but the framework's; of none outside of git."""
    try:
        tree = WorkTree.of(root)
    except GitError:
        return ()
    return tuple(finding for file in tree.files if _is_read(file.path) for finding in _in_file(tree, file.path))


def _is_read(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.parts[0] != FRAMEWORK and (pure.suffix in _SUFFIXES or pure.name.startswith(".env"))


def _in_file(tree: WorkTree, path: str) -> Iterator[Finding]:
    content = tree.content(path) or b""
    if len(content) > _LARGEST:
        return
    place = shown_path(str(tree.folder / path))
    for found in credentials_in(content.decode(errors="replace")):
        yield Finding(
            code=_CODE, message=f"this looks like {found.kind}", location=Location(place, found.line), hint=_REVOKE
        )


def secrets_of(jobs: Sequence[JobDefinition]) -> Iterator[Finding]:
    """Findings of definitions: a constant that holds a secret, wherever the body had it from.

    Args:
        jobs: without other errors.
    """
    for job in jobs:
        places = {task.key: task.location for task in job.dag.tasks}
        definition = job_definition(job)
        tasks = definition.pop("tasks", ())
        yield from _in_definition(definition, f"job '{job.name}'", job.location)
        for task in tasks if isinstance(tasks, list) else ():
            key = task["task_key"]
            yield from _in_definition(task, f"task '{key}'", places.get(key) or job.location)


def _in_definition(definition: Mapping[str, object], owner: str, place: Location | None) -> Iterator[Finding]:
    for found in credentials_in(json.dumps(definition)):
        message = f"the definition of {owner} would hold what looks like {found.kind}"
        yield Finding(code=_CODE, message=message, location=place, hint=_WAY_OUT)
