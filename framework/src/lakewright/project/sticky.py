"""One comment on a pull request, which is updated and never repeated."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.github import GitHubUnavailableError, MissingOnGitHubError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.project.github import GitHub

_REF: Final = re.compile(r"refs/pull/(\d+)/")
# Whoever may write to the repository, or a workflow of it: a stranger's comment with our marker is a stranger's.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


def pull_request_number(environment: Mapping[str, str] | None = None) -> int | None:
    """The number of the pull request that a workflow runs for; None where it runs for none."""
    given = os.environ if environment is None else environment
    match = _REF.match(given.get("GITHUB_REF", ""))
    if match:
        return int(match[1])
    try:
        event = json.loads(Path(given.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def put_comment(github: GitHub, number: int, body: str, *, marker: str, only_update: bool = False) -> str:
    """Where the comment is seen that now has this body; empty where there is none.

    Two workflows that run at once may both make one: the earlier stays, the later one is taken away.

    Args:
        github: asked for it.
        number: of the pull request.
        body: begins with the marker.
        marker: that the comment is known by.
        only_update: make none if there is none.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    if not _ours(github, number, marker):
        if only_update:
            return ""
        _make(github, number, body, marker=marker)
    first, *repeated = _ours(github, number, marker)
    for each in repeated:
        with suppress(MissingOnGitHubError):  # The other workflow was faster.
            github.delete(f"issues/comments/{each['id']}")
    if first["body"] != body:
        first = github.patch(f"issues/comments/{first['id']}", {"body": body})
    return str(first.get("html_url", ""))


def _make(github: GitHub, number: int, body: str, *, marker: str) -> None:
    place = f"issues/{number}/comments"
    try:
        github.post(place, {"body": body})
    except GitHubUnavailableError:
        # It may have been made all the same.
        if not _ours(github, number, marker):
            github.post(place, {"body": body})


def _ours(github: GitHub, number: int, marker: str) -> list[Any]:
    """The comments that have the marker, the earliest first."""
    found = github.pages(f"issues/{number}/comments")
    return sorted((each for each in found if _is_ours(each, marker)), key=lambda each: int(each["id"]))


def _is_ours(comment: Mapping[str, Any], marker: str) -> bool:
    is_trusted = comment.get("author_association") in _TRUSTED or comment.get("user", {}).get("type") == "Bot"
    return is_trusted and str(comment.get("body", "")).startswith(marker)
