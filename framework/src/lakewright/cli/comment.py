"""`lakewright comment`: one comment on a pull request, of all that the commands before have found."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import complain, complain_of, say
from lakewright.cli.step_summary import add_to_summary
from lakewright.errors.github import ForbiddenError, GitHubError, NoGitHubAccessError

if TYPE_CHECKING:
    from lakewright.project.review_reports import Reports


def comment(
    *,
    reports: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder with what `diff`, `plan` and `run --events` have written.")
    ],
    pull_request: Annotated[
        Optional[int],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
        typer.Option(metavar="NUMBER", min=1, help="By default the one that the workflow runs for."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the comment and ask nobody.")] = False,
) -> int:
    """Say on a pull request what it changes: one comment, which is updated and never repeated.

    Where the token may not comment, as for a pull request from a fork, the text goes to the summary of the workflow.

    Examples: `lakewright comment --reports reports`, `lakewright comment --reports reports --dry-run`
    """
    from lakewright.project import review
    from lakewright.project.review_reports import read_reports
    from lakewright.project.sticky import pull_request_number

    found = read_reports(reports)
    if dry_run:
        say(review.comment(found, run_url=_run_url()), end="")
        return DONE
    number = pull_request or pull_request_number()
    try:
        if number is None:
            raise NoGitHubAccessError("this runs for no pull request", hint="Give --pull-request NUMBER.")
        say(_put(found, number) or "nothing to say, and no comment to update")
    except GitHubError as error:
        complain(error)
        _keep(review.comment(found, run_url=_run_url(), limit=review.SUMMARY_LIMIT))
        return DONE if isinstance(error, (ForbiddenError, NoGitHubAccessError)) else FAILED
    return DONE


def _put(found: Reports, number: int) -> str:
    from lakewright.project import review
    from lakewright.project.github import access, connected
    from lakewright.project.sticky import put_comment

    body = review.comment(found, run_url=_run_url())
    with connected(access(Path.cwd())) as github:
        only_update = not review.is_worth_a_comment(found)
        return put_comment(github, number, body, marker=review.MARKER, only_update=only_update)


def _keep(text: str) -> None:
    """Put what could not be a comment where people look next."""
    if add_to_summary(text):
        complain_of("The text is in the summary of this workflow run.")
    else:
        say(text, end="")


def _run_url() -> str:
    """Where the workflow's run is seen; empty outside of one."""
    server, repository, run = (os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""
