"""Pipelines as they were at a commit, with the wheels that they were deployed with then."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from lakewright.dependencies.contents import FOLDER
from lakewright.dependencies.current import read_wheelhouse, set_current
from lakewright.dependencies.wheelhouse import check_files
from lakewright.errors.base import LakewrightError
from lakewright.errors.deploying import CliFailedError, DeployError, NotDeployedError, NoWheelhouseError
from lakewright.errors.wheels import WheelhouseError
from lakewright.project.bundle_cli import ABSENT
from lakewright.project.checkout import checkout
from lakewright.project.deploy import Destination, Source, deploy
from lakewright.project.targets import deployable_target
from lakewright.project.upload import fetch, wheelhouse_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.project.bundle_cli import BundleCli
    from lakewright.project.deploy import Deployed, DeployOptions
    from lakewright.project.records import KnownDeploys, Record


@contextmanager
def as_deployed(
    root: Path, deployed: Record, target: str, *, cli: BundleCli, origins: Sequence[str] = ()
) -> Iterator[Destination]:
    """A pipeline in a temporary work tree: the commit of a deploy, and its wheelhouse.

    Args:
        root: of the repository.
        deployed: which commit and wheelhouse.
        target: one of the `targets.yml` of that commit.
        cli: of the present environment; it runs the code of that commit.
        origins: further targets on whose volumes the wheelhouse may lie.

    Raises:
        UsageError: at that commit there is no such pipeline or target.
        NoWheelhouseError: its wheelhouse is nowhere any more.
    """
    with checkout(root, deployed.revision) as there:
        deployable_target(there.repository.root, target)
        folder = there.repository.pipeline(deployed.pipeline)
        to = Destination(folder=folder, target=target, cli=replace(cli, environment=there.environment))
        if deployed.digest:
            local = root / folder.path.relative_to(there.repository.root) / FOLDER / deployed.digest
            _bring(deployed, local, [to, *(replace(to, target=origin) for origin in origins)])
        yield to


def deploy_again(
    root: Path,
    deployed: Record,
    target: str,
    *,
    options: DeployOptions,
    cli: BundleCli,
    recorded: Record | None = None,
    origins: Sequence[str] = (),
) -> Deployed:
    """Deploy what was deployed before, here or elsewhere: that commit, with the bytes of that wheelhouse.

    Raises:
        DeployError: as `deploy`; or its wheelhouse is nowhere any more.
    """
    with as_deployed(root, deployed, target, cli=cli, origins=origins) as to:
        source = Source(folder=to.folder, root=root, revision=deployed.revision)
        try:
            return deploy(source, to, options, recorded=recorded)
        except CliFailedError as error:
            if not ABSENT.search(error.said):
                raise
            way_out = (
                f"The code of {deployed.revision[:9]} needs what is not installed here now. With its own packages:\n"
                f"git switch --detach {deployed.revision[:9]} && uv sync --all-packages, then this command again."
            )
            raise DeployError(error.message, hint=way_out) from error


def needed(known: KnownDeploys, target: str) -> Mapping[str, Record]:
    """What is known to be deployed.

    Raises:
        NotDeployedError: nothing is, because GitHub cannot be asked.
    """
    if known.unknown:
        raise NotDeployedError(f"what runs on '{target}' is not known: {known.unknown}")
    return known.records


def _bring(deployed: Record, local: Path, places: Iterable[Destination]) -> None:
    """Have the pipeline of a work tree run with a wheelhouse, from this machine or the first volume that has it."""
    first, *others = places
    out = first.folder.path / FOLDER
    made = _here(local, out)
    reasons: list[str] = []
    for place in (first, *others):
        if made is None:
            try:
                files = place.workspace
                made = fetch(wheelhouse_place(place.folder, place.target, deployed.digest), out, files)
            except LakewrightError as error:
                reasons.append(f"{place.target}: {error.message}")
    if made is None:
        listed = "".join(f"\n    {reason}" for reason in reasons)
        raise NoWheelhouseError(
            f"the wheelhouse {deployed.digest[:12]}… of '{deployed.pipeline}' is nowhere any more:{listed}",
            hint="Build it anew: check the commit out, `lakewright wheelhouse build`, `lakewright deploy`.\n"
            "The wheels may differ from those of then.",
        )
    set_current(first.folder.path, made)


def _here(local: Path, out: Path) -> Wheelhouse | None:
    """A wheelhouse of this machine, put beside the pipeline of a work tree; None where it is not whole."""
    if not local.is_dir():
        return None
    with suppress(WheelhouseError):
        check_files(read_wheelhouse(local))
        out.mkdir(parents=True, exist_ok=True)
        (out / local.name).symlink_to(local, target_is_directory=True)
        return read_wheelhouse(out / local.name)
    return None
