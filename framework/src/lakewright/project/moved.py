"""Which tasks have another key than at a revision: told from files, so that no code of the revision runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from lakewright.errors.base import LakewrightError
from lakewright.model.diagnostics import Finding
from lakewright.model.moves import moves
from lakewright.project.changed import is_before_everything, merge_bases
from lakewright.project.repository import PipelineFolder
from lakewright.project.static import read_pipeline
from lakewright.project.trees import checked_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition


def check_moves(root: Path, folders: Sequence[PipelineFolder], base: str) -> tuple[Finding, ...]:
    """A warning for each task of a job whose numbered key was that of another call at a revision.

    Args:
        root: of the repository.
        folders: pipelines.
        base: a branch, tag or commit; compared with is the commit at which its history and this one parted.

    Raises:
        GitError: there is no git, or no such commit.
    """
    if is_before_everything(root, base):
        return ()
    with checked_out(root, merge_bases(root, base)[0]) as tree:
        pairs = [(PipelineFolder(tree / folder.path.relative_to(root)), folder) for folder in folders]
        return tuple(finding for there, folder in pairs for finding in _moved(there, folder, base))


def _moved(there: PipelineFolder, folder: PipelineFolder, base: str) -> Iterator[Finding]:
    before = _definitions(there) if there.path.is_dir() else {}
    for name, job in _definitions(folder).items() if before else ():
        for task, key in moves(before[name].dag, job.dag) if name in before else ():
            message = f"task '{task.key}' of job '{name}' had the key '{key}' at {base}: another call came before it"
            hint = f"Its run history and outputs go by the key. Keep it: .named('{key}') on the call."
            yield Finding(code="moved-key", severity="warning", message=message, location=task.location, hint=hint)


def _definitions(folder: PipelineFolder) -> Mapping[str, JobDefinition]:
    """Jobs by name; without those that their files do not tell."""
    found: dict[str, JobDefinition] = {}
    with suppress(LakewrightError):
        for each in read_pipeline(folder).jobs:
            with suppress(LakewrightError):
                found[each.job.name] = each.definition
    return found
