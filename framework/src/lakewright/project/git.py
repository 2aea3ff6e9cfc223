"""What git says about the code that is here."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from lakewright.errors.git import GitError
from lakewright.text.names import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def revision(folder: Path) -> str:
    """The commit that is checked out around `folder`, with `+` when files have changed since; empty outside of git."""
    commit = said(folder, "rev-parse", "HEAD")
    return f"{commit}+" if commit and said(folder, "status", "--porcelain") else commit


def remote(folder: Path) -> str:
    """The address that `origin` is fetched from; empty where there is none."""
    return said(folder, "remote", "get-url", "origin")


def is_before(folder: Path, commit: str, other: str) -> bool:
    """Whether another commit came out of a commit; no where they are the same, or one of them is not here."""
    return commit != other and said(folder, "merge-base", commit, other) == commit


def said(folder: Path, *arguments: str) -> str:
    """What git prints; empty where it refuses or is not there."""
    done = _run(folder, *arguments)
    return os.fsdecode(done.stdout).strip() if done is not None and done.returncode == 0 else ""


def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What git prints.

    Args:
        folder: that it is called in.
        arguments: its own.
        environment: variables besides those of this process.

    Raises:
        GitError: there is no git, or it refuses.
    """
    return os.fsdecode(output(folder, *arguments, environment=environment))


def output(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> bytes:
    """What git prints, to the byte.

    Raises:
        GitError: there is no git, or it refuses.
    """
    done = _run(folder, *arguments, environment=environment)
    if done is None:
        raise GitError("there is no git on the path", hint="Install git; what has changed is read from its history.")
    if done.returncode:
        reason = one_line(os.fsdecode(done.stderr).strip())
        hint = "Start one: git init && git add --all && git commit" if "not a git repository" in reason else ""
        raise GitError(f"git {arguments[0]}: {reason}", hint=hint)
    return done.stdout


def lines(text: str) -> list[str]:
    """The entries of a list that ends each with NUL."""
    return text.split("\0")[:-1]


def _run(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    # Nothing here shall wait for, or disturb, a git that somebody runs at the same time; and errors are read.
    variables = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", **(environment or {})}
    try:
        return subprocess.run(["git", *arguments], cwd=folder, env=variables, capture_output=True, check=False)  # noqa: S607  the user's own git
    except OSError:
        return None
