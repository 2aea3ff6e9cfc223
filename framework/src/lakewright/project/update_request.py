"""An update that is proposed on GitHub: a branch with a pull request, or an issue that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lakewright.errors.github import ForbiddenError
from lakewright.errors.updating import OthersWorkError, ToolError
from lakewright.project.checkout import beside
from lakewright.project.issues import close_issue, keep_issue
from lakewright.project.update import find_newer, update
from lakewright.project.update_branch import BRANCH, push_update
from lakewright.text.markdown import code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.project.github import GitHub
    from lakewright.project.update import Newer, Tell

LABEL: Final = "template-update"
_BY_HAND: Final = "git switch --create template-update\nuv run --group update lakewright update\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What has come of it: the version, and the address of the pull request or issue, if there is one."""

    newer: Newer | None
    address: str | None


def propose(root: Path, github: GitHub, *, base: str, tell: Tell) -> Proposed:
    """Open a pull request with the newest version of the template, or an issue if a person must decide.

    The work tree stays as it is: the update is made beside it. A pull request or issue that is open is brought up to
    date, never repeated.

    Raises:
        UpdateError: the repository cannot be updated at all.
        GitHubError: GitHub refuses, or cannot be reached.
    """
    newer = find_newer(root)
    if newer is None:
        return Proposed(newer=None, address=close_issue(github, LABEL, body="This is the newest version.\n"))
    with beside(root, "HEAD") as tree:
        found = update(tree, tell)
        if found:
            return Proposed(newer=newer, address=_issue(github, newer, _conflicting(found)))
        try:
            push_update(tree, github, message=_title(newer), tell=tell)
            address = _pull_request(github, newer, base=base)
        except OthersWorkError as error:
            return Proposed(newer=newer, address=_left_alone(github, newer, error))
        except ToolError as error:
            return Proposed(newer=newer, address=_issue(github, newer, _not_pushed(error)))
        except ForbiddenError as error:
            return Proposed(newer=newer, address=_issue(github, newer, _not_opened(error, base)))
    close_issue(github, LABEL, body=f"The pull request is {address}.\n")
    return Proposed(newer=newer, address=address)


def _pull_request(github: GitHub, newer: Newer, *, base: str) -> str:
    content = {"title": _title(newer), "body": _body(newer)}
    for open_one in _open_ones(github):
        return str(github.patch(f"pulls/{open_one['number']}", content)["html_url"])
    made = github.post("pulls", {**content, "head": BRANCH, "base": base})
    return str(made["html_url"])


def _open_ones(github: GitHub) -> Iterator[Mapping[str, Any]]:
    """The pull requests that are open from the branch."""
    owner = github.access.repository.partition("/")[0]
    return github.pages("pulls", head=f"{owner}:{BRANCH}", state="open")


def _left_alone(github: GitHub, newer: Newer, error: OthersWorkError) -> str:
    """The pull request that somebody works on, where it is one to this version; else an issue."""
    for open_one in _open_ones(github):
        if open_one["title"] == _title(newer):
            return str(open_one["html_url"])
    return _issue(github, newer, _worked_on(error))


def _issue(github: GitHub, newer: Newer, why: str) -> str:
    body = f"The template has the version {newer.newest}; this repository has {newer.present}.\n\n{why}"
    return keep_issue(github, LABEL, title=f"Update to lakewright {newer.newest} by hand", body=body)


def _title(newer: Newer) -> str:
    return f"Update to lakewright {newer.newest}"


def _body(newer: Newer) -> str:
    return (
        f"From {newer.present} to {newer.newest}, by `copier update` and `uv lock`. Nothing conflicts.\n\n"
        "GitHub starts no checks for what a workflow has opened: close this pull request and open it again.\n"
    )


def _conflicting(found: Sequence[str]) -> str:
    files = "".join(f"- `{name}`\n" for name in found)
    return (
        f"Both the template and this repository changed the same lines of:\n\n{files}\n"
        f"Decide on them in a clone:\n\n```\n{_BY_HAND}```\n\n"
        "Then `uv lock`, `nox -s lint tests`, and a pull request.\n"
    )


def _not_pushed(error: ToolError) -> str:
    return (
        f"Nothing conflicts, but the branch could not be pushed:\n\n```\n{error.said}\n```\n\n"
        "GitHub lets no workflow push changes of workflows. In a clone, with your own rights:\n\n"
        f"```\n{_BY_HAND}git push\n```\n"
    )


def _worked_on(error: OthersWorkError) -> str:
    commits = "".join(f"- {code(each)}\n" for each in error.commits)
    return (
        f"The branch `{BRANCH}` was left as it is: somebody has worked on it.\n\n{commits}\n"
        "Merge its pull request, or delete the branch: the next look makes it anew. Or, in a clone:\n\n"
        f"```\n{_BY_HAND}```\n"
    )


def _not_opened(error: ForbiddenError, base: str) -> str:
    return (
        f"The update is on the branch `{BRANCH}`, but a pull request to `{base}` could not be opened:\n\n"
        f"```\n{error}\n```\n\nOpen it by hand, or allow it: *Settings → Actions → General → Allow GitHub Actions to "
        "create and approve pull requests*.\n"
    )
