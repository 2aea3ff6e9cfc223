"""Errors on the way from a repository to a workspace: plans, uploads, deploys, records of them."""

from __future__ import annotations

from lakewright.errors.base import LakewrightError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

INSTALL_CLI = "https://docs.databricks.com/dev-tools/cli/install"


class DeployError(LakewrightError):
    """A bundle could not be planned, deployed or removed."""


class NoCliError(DeployError):
    """There is no Databricks CLI, or another one than the bundles are made for."""

    @classmethod
    def absent(cls, version: str) -> NoCliError:
        """There is none on the path."""
        return cls("there is no `databricks` on the path", hint=f"Install the Databricks CLI {version}: {INSTALL_CLI}")

    @classmethod
    def other(cls, found: str, *, version: str, place: str) -> NoCliError:
        """It is there, in a version that takes other fields."""
        return cls(
            f"{place} is version {found}; databricks-bundles {version} writes definitions for the CLI {version}",
            hint=f"Install the Databricks CLI {version}: {INSTALL_CLI}",
        )


class CliFailedError(DeployError):
    """The Databricks CLI could not do what it was asked for.

    Attributes:
        said: what it printed about it.
    """

    def __init__(self, command: str, said: str, *, hint: str = "") -> None:
        told = "".join(f"\n    {line}" for line in said.strip().splitlines())
        super().__init__(f"`{command}` failed:{told or ' it says nothing'}", hint=hint)
        self.said = said


class PlanFormatError(DeployError):
    """A plan is not of the form that this release reads."""


class MissingGrantError(DeployError):
    """The principal may not see what is deployed, so no plan can be trusted."""

    def __init__(self, pipeline: str, target: str, *, root: str, why: str) -> None:
        super().__init__(
            f"no plan of '{pipeline}' for '{target}': {why}",
            hint=f"Grant the principal that plans CAN_READ on {root}\nand CAN_VIEW on the jobs that are deployed from "
            "there. docs/set-up.md has the commands.",
        )


class DeletesError(DeployError):
    """A deploy would delete or replace something, and nobody has allowed that."""

    def __init__(self, pipeline: str, target: str, *, resources: Iterable[str]) -> None:
        listed = "".join(f"\n    {each}" for each in resources)
        super().__init__(
            f"a deploy of '{pipeline}' to '{target}' would lose what is there:{listed}",
            hint="Nothing was changed. If it is meant: --allow-deletes. A job that has only a new name loses its runs.",
        )


class NoWheelhouseError(DeployError):
    """A pipeline has no wheelhouse, or not the one that is meant."""

    @classmethod
    def unbuilt(cls, pipeline: str, target: str) -> NoWheelhouseError:
        """None was built, and the target takes nothing else."""
        return cls(
            f"'{pipeline}' has no wheelhouse, and '{target}' runs nothing else",
            hint=f"Build it: `lakewright wheelhouse build {pipeline}`. Only targets in development take ./dist.",
        )

    @classmethod
    def stale(cls, pipeline: str) -> NoWheelhouseError:
        """It was built from other sources than lie here."""
        return cls(
            f"'{pipeline}' has changed since its wheelhouse was built: tasks would run the code of then",
            hint=f"Build it again: `lakewright wheelhouse build {pipeline}`.",
        )


class UncommittedError(DeployError):
    """What would be deployed is no commit, so nobody could tell later what runs."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"files have changed since the last commit, and what runs on '{target}' must be a commit",
            hint="Commit them, or --allow-dirty to get out of trouble; that deploy is not recorded.",
        )


class HalfDeployedError(DeployError):
    """A deploy has begun to change what is there, and did not come to its end."""


class NotDeployedError(DeployError):
    """Nothing says that this was deployed."""


class UploadError(DeployError):
    """Files could not be put where a workspace finds them."""


class WorkspaceError(DeployError):
    """A workspace refused something, or could not be asked."""
