"""Errors of an update to a newer version of the template."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError

_SHOWN = 2_000


class UpdateError(LakewrightError):
    """The repository could not be brought to a newer version of its template."""


class ToolError(UpdateError):
    """A program that an update needs did not do its work."""

    def __init__(self, command: str, *, code: int, said: str) -> None:
        self.said = said.strip()
        super().__init__(f"`{command}` ended with {code}", hint=self.said[-_SHOWN:])


class OthersWorkError(UpdateError):
    """The branch of an update has commits that no update has made."""

    def __init__(self, branch: str, commits: tuple[str, ...]) -> None:
        self.commits = commits
        super().__init__(
            f"the branch {branch} has commits that an update would throw away: {'; '.join(commits)}",
            hint="Merge it, or delete it.",
        )
