"""Errors of GitHub's API."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError


class GitHubError(LakewrightError):
    """GitHub did not do what it was asked for."""


class NoGitHubAccessError(GitHubError):
    """There is no token, or nothing says which repository is meant: GitHub was not asked."""


class ForbiddenError(GitHubError):
    """The token may not do this."""


class MissingOnGitHubError(GitHubError):
    """GitHub knows no such thing, or does not show it to this token."""


class RateLimitError(GitHubError):
    """More was asked of GitHub than it answers, and it says to come back later than anybody waits."""


class GitHubUnavailableError(GitHubError):
    """GitHub could not be reached, or failed by itself, every time it was asked."""
