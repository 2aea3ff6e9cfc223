"""`lakewright update`: a newer version of the template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import errors, say
from lakewright.project.repository import Repository


def update(
    *,
    pull_request: Annotated[
        bool, typer.Option("--pull-request", help="Leave the work tree alone, and open a pull request on GitHub.")
    ] = False,
    base: Annotated[str, typer.Option(metavar="BRANCH", help="Where the pull request goes.")] = "main",
) -> int:
    """Bring this repository to the newest version of its template, and lock its packages again.

    copier merges: what you changed stays. Where both sides changed the same lines the files are named, and the exit
    code is 1; with --pull-request an issue names them.

    It needs copier, which is in the group `update` of a repository: `uv run --group update lakewright update`.

    Examples: `lakewright update`, `lakewright update --pull-request --base main`
    """
    root = Repository.around(Path.cwd()).root
    return _propose(root, base) if pull_request else _update(root)


def _update(root: Path) -> int:
    from lakewright.project.update import find_newer
    from lakewright.project.update import update as merge

    newer = find_newer(root)
    if newer is None:
        say("This is the newest version of the template.")
        return DONE
    found = merge(root, _tell)
    if not found:
        say(f"{newer.present} → {newer.newest}. Next:  nox -s lint tests")
        return DONE
    say(f"{newer.present} → {newer.newest}. Both sides changed the same lines of:", "bold")
    for name in found:
        say(f"  {name}")
    say("Decide on them, git add them, then:  uv lock && nox -s lint tests")
    return FAILED


def _propose(root: Path, base: str) -> int:
    from lakewright.project.github import access, connected
    from lakewright.project.update_request import propose

    with connected(access(root)) as github:
        done = propose(root, github, base=base, tell=_tell)
    if done.newer is None:
        say("This is the newest version of the template.")
    else:
        say(f"{done.newer.present} → {done.newer.newest}: {done.address}")
    return DONE


def _tell(line: str) -> None:
    errors.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
