"""Errors in a repository's settings, in references to code, and in files people write."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError


class ProjectError(LakewrightError):
    """The repository or a file of it is not as it must be."""


class LoadError(ProjectError, ImportError):
    """A module or a name in it could not be imported."""


class UsageError(ProjectError):
    """The call itself was wrong: an unknown name, a combination that cannot be; exit code 2."""


class MissingExtraError(ProjectError, ImportError):
    """A package of an optional extra is not installed."""

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the package '{package}'", hint=f"Install it: lakewright[{extra}]")
