"""What git says about the code that is run."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def revision(folder: Path) -> str:
    """The commit that is checked out around `folder`, with `+` when files have changed since; empty outside of git."""
    commit = _said(folder, "rev-parse", "HEAD")
    return f"{commit}+" if commit and _said(folder, "status", "--porcelain") else commit


def remote(folder: Path) -> str:
    """The address that `origin` is fetched from; empty where there is none."""
    return _said(folder, "remote", "get-url", "origin")


def _said(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S607  the user's own git
    except OSError:  # There is no git.
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
