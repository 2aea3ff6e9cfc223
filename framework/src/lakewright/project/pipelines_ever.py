"""The pipelines of a repository: those that there are, and those that there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.io.local import PIPELINE_FILE
from lakewright.project.git import lines, run
from lakewright.project.repository import PIPELINES, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pipelines_ever(root: Path) -> tuple[str, ...]:
    """The names of all pipelines that there are here or were in the history, as far as it was fetched; sorted.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
    """
    here = {folder.name for folder in Repository(root).pipelines}
    has_history = run(root, "rev-list", "--max-count=1", "--all")
    return tuple(sorted({*here, *(_gone(root) if has_history else ())}))


def _gone(root: Path) -> Iterator[str]:
    # Both sides of a merge count: a folder may go in the merge itself.
    listing = ("log", "-m", "--relative", "--no-renames", "--diff-filter=D", "--name-only", "-z", "--format=")
    files = lines(run(root, *listing, "HEAD", "--", f":(glob){PIPELINES}/*/{PIPELINE_FILE}"))
    yield from (file.split("/")[1] for file in files)
