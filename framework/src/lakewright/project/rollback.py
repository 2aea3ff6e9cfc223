"""Which deploy to go back to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from lakewright.errors.deploying import NotDeployedError
from lakewright.project.changed import commit_of
from lakewright.project.records import history

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lakewright.project.github import GitHub
    from lakewright.project.records import Record

_SHOWN: Final = 5


def earlier(github: GitHub, root: Path, pipeline: str, *, target: str, ref: str | None) -> Record:
    """The deploy to go back to: that of a commit, or the one before what runs now.

    A commit that only ran on other targets will do: its wheelhouse lies on their volumes.

    Raises:
        NotDeployedError: there is none.
        UnknownRevisionError: there is no such commit.
        GitHubError: GitHub refuses, or cannot be reached.
    """
    if ref is None:
        return _before(pipeline, target, history(github, pipeline, target))
    commit = commit_of(root, ref)
    for within in (target, None):
        for each in history(github, pipeline, within, sha=commit):
            if not each.is_removal:
                return each
    known = [f"{each.revision[:9]} ({each.at[:10]})" for each in islice(history(github, pipeline, target), _SHOWN)]
    raise NotDeployedError(
        f"no deploy of '{pipeline}' at {commit[:9]} is recorded",
        hint=f"The last ones to '{target}': {', '.join(known) or 'none'}. To deploy another commit: check it out,\n"
        "`lakewright wheelhouse build`, `lakewright deploy`.",
    )


def _before(pipeline: str, target: str, deploys: Iterable[Record]) -> Record:
    """The latest deploy of something else than what runs now."""
    found = iter(deploys)
    now = next(found, None)
    for each in found:
        if now and not each.is_removal and (each.revision, each.digest) != (now.revision, now.digest):
            return each
    raise NotDeployedError(
        f"there is no deploy of '{pipeline}' to '{target}' before the present one", hint="Name a commit: --ref REV."
    )
