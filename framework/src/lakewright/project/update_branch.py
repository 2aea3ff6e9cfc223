"""The branch of a proposed update: pushed anew each time, unless somebody else has worked on it."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Final

from lakewright.errors.updating import OthersWorkError, ToolError
from lakewright.project.update import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lakewright.project.github import GitHub
    from lakewright.project.update import Tell

BRANCH: Final = "lakewright/template-update"
_REF: Final = f"refs/heads/{BRANCH}"
# By it a commit is known as ours: it names the very files, so a commit that somebody has amended is none.
_TRAILER: Final = "Lakewright-Update"
# Who commits where nobody has told git: a workflow.
_BOT: Final = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "github-actions[bot]"),
        ("EMAIL", "41898282+github-actions[bot]@users.noreply.github.com"),
    )
}


def push_update(tree: Path, github: GitHub, *, message: str, tell: Tell) -> None:
    """Commit what lies in a work tree, and have it as the branch of the update; no push where it says the same.

    Raises:
        OthersWorkError: the branch has commits that an update did not make; it is left as it is.
        ToolError: git refuses, or somebody has pushed meanwhile.
    """
    environment = _sign_in(run(tree, "git", "remote", "get-url", "origin").strip(), github)
    found = _fetch(tree, environment)
    if found and (others := tuple(_not_ours(tree, found))):
        raise OthersWorkError(BRANCH, others)
    _commit(tree, message)
    if found and _says(tree, found) == _says(tree, "HEAD"):
        return
    tell(f"$ git push origin {BRANCH}")
    # Nothing that has come since it was looked at is lost: git refuses then.
    lease = f"--force-with-lease={_REF}:{found}"
    run(tree, "git", "push", "--quiet", lease, "origin", f"HEAD:{_REF}", environment=environment)


def _fetch(tree: Path, environment: Mapping[str, str]) -> str:
    """The commit of the branch, which is here then; nothing where there is no such branch."""
    if not run(tree, "git", "ls-remote", "origin", _REF, environment=environment):
        return ""
    run(tree, "git", "fetch", "--quiet", "--no-tags", "origin", _REF, environment=environment)
    return run(tree, "git", "rev-parse", "FETCH_HEAD").strip()


def _not_ours(tree: Path, branch: str) -> Iterator[str]:
    """The commits of the branch, beyond what is checked out, that no update has made: each with who made it."""
    fields = f"%T%x1f%(trailers:key={_TRAILER},valueonly,separator=%x2c)%x1f%h %s (%cn)"
    # A subject may hold whatever Python takes for the end of a line.
    for line in filter(None, run(tree, "git", "log", "-z", f"--format={fields}", branch, "^HEAD").split("\0")):
        files, named, shown = line.split("\x1f", 2)
        if files != named:
            yield shown


def _says(tree: Path, commit: str) -> str:
    """What a commit is made of, and upon what: two that agree differ in nothing but their time."""
    return run(tree, "git", "log", "-1", "--format=%T %P", commit)


def _commit(tree: Path, message: str) -> None:
    who = {} if _is_known(tree) else _BOT
    run(tree, "git", "add", "--all")
    trailer = f"{_TRAILER}: {run(tree, 'git', 'write-tree').strip()}"
    run(
        tree,
        *("git", "commit", "--quiet", "--no-verify", f"--message={message}", f"--message={trailer}"),
        environment=who,
    )


def _is_known(tree: Path) -> bool:
    try:
        return bool(run(tree, "git", "config", "user.email"))
    except ToolError:
        return False


def _sign_in(remote: str, github: GitHub) -> Mapping[str, str]:
    """The token of the API, where the remote is reached by HTTPS; it never stands on a command line."""
    server = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com').rstrip('/')}/"
    if not remote.startswith(server) or not server.startswith("https://"):
        return {}
    secret = base64.b64encode(f"x-access-token:{github.access.token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {secret}",
    }
