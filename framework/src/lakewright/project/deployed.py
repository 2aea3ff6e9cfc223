"""What a deploy to a target has to do: the pipelines that have changed since each was last deployed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.errors.github import NoGitHubAccessError
from lakewright.project.affected import affected_on
from lakewright.project.github import access, connected
from lakewright.project.pipelines_ever import pipelines_ever
from lakewright.project.records import recorded
from lakewright.project.targets import read_targets

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.project.affected import Affected


def affected_since_deploy(root: Path, target: str) -> Affected:
    """The pipelines whose last successful deploy to a target does not have what is here.

    A deploy that failed is none, so the next one covers its changes too. Where nobody says what is deployed, all are.

    Raises:
        GitError: there is no git, or the folder is in no repository of it.
        GitHubError: GitHub refuses, or cannot be reached.
        ProjectError: there are no targets, or a `pyproject.toml` is not TOML.
        UsageError: there is no such target.
    """
    read_targets(root)[0].target(target)
    try:
        known = access(root)
    except NoGitHubAccessError as error:
        return affected_on(root, {}, otherwise=f"nobody says what is deployed to {target}: {error.message}")
    names = pipelines_ever(root)
    with connected(known) as github:
        revisions = {name: record.revision for name, record in recorded(github, target, names).items()}
    return affected_on(root, revisions, otherwise=f"it was never deployed to {target}")
