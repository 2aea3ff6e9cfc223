"""One issue for one matter: opened, brought up to date, closed; never a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakewright.project.github import GitHub


def keep_issue(github: GitHub, label: str, *, title: str, body: str) -> str:
    """The address of the open issue of a label, which now says this; made if there was none.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    number = _open_issue(github, label)
    content = {"title": title, "body": body}
    if number is None:
        made = github.post("issues", {**content, "labels": [label]})
    else:
        made = github.patch(f"issues/{number}", content)
    return str(made["html_url"])


def close_issue(github: GitHub, label: str, *, body: str) -> str | None:
    """The address of the issue of a label that was open and is now closed, with this as its last word.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    number = _open_issue(github, label)
    if number is None:
        return None
    closed = github.patch(f"issues/{number}", {"body": body, "state": "closed", "state_reason": "completed"})
    return str(closed["html_url"])


def _open_issue(github: GitHub, label: str) -> int | None:
    """The first that was opened: pull requests are issues too, and none of ours."""
    found = [
        each["number"] for each in github.pages("issues", labels=label, state="open") if "pull_request" not in each
    ]
    return min(found, default=None)
