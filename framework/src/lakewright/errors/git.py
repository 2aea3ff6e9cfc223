"""Errors of git: what it was asked for is not in this clone."""

from __future__ import annotations

from lakewright.errors.project import ProjectError, UsageError


class GitError(ProjectError):
    """Git is not there, or refuses."""


class UnknownRevisionError(UsageError):
    """There is no such commit in this clone."""


class ShallowCloneError(GitError):
    """The clone holds the latest commits only, and the one that is needed is older."""

    def __init__(self, message: str) -> None:
        hint = "Fetch the rest: `git fetch --unshallow`; in a workflow: `fetch-depth: 0` for actions/checkout."
        super().__init__(f"{message}: this clone is shallow", hint=hint)


class NoMergeBaseError(GitError):
    """Two commits have no history in common."""
