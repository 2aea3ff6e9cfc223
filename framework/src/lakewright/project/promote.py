"""What runs on one target goes to another: the same commit, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakewright.errors.deploying import NotDeployedError, NoWheelhouseError
from lakewright.errors.project import UsageError
from lakewright.project.past import deploy_again
from lakewright.project.targets import read_targets
from lakewright.text.names import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.deploy import Deployed, DeployOptions
    from lakewright.project.records import Record


def check_order(root: Path, origin: str, target: str) -> None:
    """Nothing, if a promotion from one target to another goes the way that `targets.yml` says.

    Raises:
        UsageError: a target is unknown, or the way is back or nowhere.
    """
    targets, _ = read_targets(root)
    for name in (origin, target):
        targets.target(name)
    order = list(targets.targets)
    if order.index(origin) >= order.index(target):
        raise UsageError(
            f"'{target}' does not come after '{origin}': the order of promotion is {quoted(order)}",
            hint="To go back on a target: lakewright rollback PIPELINE --target NAME.",
        )


def promote(
    root: Path,
    pipeline: str,
    options: DeployOptions,
    *,
    origin: str,
    target: str,
    known: tuple[Mapping[str, Record], Mapping[str, Record]],
    cli: BundleCli,
) -> Deployed | None:
    """Deploy to a target what runs on another; None where it runs there already.

    Args:
        root: of the repository.
        pipeline: its name.
        options: what the deploy may do.
        origin: the target that it comes from.
        target: the target that it goes to.
        known: what is deployed on both, by pipeline.
        cli: the Databricks CLI.

    Raises:
        NotDeployedError: nothing is recorded on the one that it comes from.
        NoWheelhouseError: it has no wheelhouse there.
        DeployError: as `deploy`.
    """
    there, here = (records.get(pipeline) for records in known)
    if there is None:
        raise NotDeployedError(
            f"no deploy of '{pipeline}' to '{origin}' is recorded",
            hint=f"lakewright deploy {pipeline} --target {origin}",
        )
    if not there.digest:
        raise NoWheelhouseError(
            f"'{pipeline}' runs on '{origin}' without a wheelhouse, so there are no bytes to promote",
            hint=f"Build one and deploy it there: `lakewright wheelhouse build {pipeline}`.",
        )
    if here is not None and (here.revision, here.digest) == (there.revision, there.digest):
        return None
    return deploy_again(root, there, target, options=options, cli=cli, recorded=here, origins=[origin])
