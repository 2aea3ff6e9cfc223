"""What a pull request allows by a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lakewright.project.git import said
from lakewright.project.github import access, connected

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lakewright.project.github import GitHub

_MOST_COMMITS: Final = 50


def labelled(root: Path, label: str, revision: str, *, since: str = "") -> str:
    """The address of a pull request that has a label and brought a commit; empty if there is none.

    Args:
        root: of the repository.
        label: its name.
        revision: the commit that is deployed.
        since: the commit that was deployed before it; what came in between counts too.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    between = f"{since}..{revision}" if since else f"{revision}^!"
    listed = said(root, "rev-list", "--first-parent", f"--max-count={_MOST_COMMITS}", between).split()
    with connected(access(root)) as github:
        return _first(github, label, listed or [revision])


def _first(github: GitHub, label: str, commits: Iterable[str]) -> str:
    for commit in commits:
        for pull in github.pages(f"commits/{commit}/pulls"):
            if label in {each["name"] for each in pull["labels"]}:
                return str(pull["html_url"])
    return ""
