"""What `lakewright doctor` looks at about a target: its host, the sign-in, and the places that pipelines need there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lakewright.emulator.bundle import BundleValues, bundle_values
from lakewright.errors.base import LakewrightError
from lakewright.project.bundle import configuration
from lakewright.project.checkup import looked_at, right, unknown, wrong
from lakewright.project.plan import root_path
from lakewright.project.targets import deployable_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.databricks.workspace import Workspace
    from lakewright.project.checkup import Checkup
    from lakewright.project.repository import PipelineFolder, Repository

_PATIENCE: Final = 10
_OWN: Final = "/Workspace/"


def look_at_target(repository: Repository, target: str) -> Iterator[Checkup]:
    """What is found about a target; without its workspace as far as that goes."""
    try:
        deployable_target(repository.root, target)
    except LakewrightError as error:
        place = f"{error.location}: " if error.location else ""
        yield wrong(target, f"{place}{error.message}", error.hint)
        yield unknown(target, "its workspace was not asked")
        return
    folders = repository.pipelines
    if not folders:
        yield unknown(target, "there is no pipeline to look at", "lakewright new NAME")
        return
    settings: Mapping[str, Any] = configuration(folders[0].path, target)["workspace"]
    host = settings.get("host") or f"profile {settings.get('profile')}"
    try:
        workspace, who = _signed_in(settings)
    except LakewrightError as error:
        sign_in = f"On a laptop: databricks auth login --host {host}" if settings.get("host") else ""
        yield wrong(target, error.message, f"{error.hint}\n{sign_in}".strip())
        yield unknown(target, "its volumes and folders were not looked at")
        return
    yield right(target, f"{host}, signed in as {who}")
    for folder in folders:
        yield looked_at(target, partial(_volume, workspace, folder, target=target))
        yield from _root(workspace, folder, target)


def _signed_in(settings: Mapping[str, object]) -> tuple[Workspace, str]:
    from lakewright.databricks.workspace import Workspace

    workspace = Workspace.of(settings, patience=_PATIENCE)
    return workspace, workspace.me()


def _volume(workspace: Workspace, folder: PipelineFolder, *, target: str) -> Checkup:
    """Whether the volume is there that outputs and wheels of a pipeline go to."""
    values = BundleValues(bundle_values(configuration(folder.path, target)))
    names = [str(values.fill(f"${{var.{name}}}")) for name in ("catalog", "schema", "volume")]
    place = f"/Volumes/{'/'.join(names)}"
    if workspace.has_volume(place):
        return right(target, f"{folder.name}: {place}")
    quoted = [f"`{name}`" for name in names]
    make = f"CREATE SCHEMA IF NOT EXISTS {'.'.join(quoted[:2])};\nCREATE VOLUME IF NOT EXISTS {'.'.join(quoted)};"
    return wrong(target, f"{folder.name}: there is no volume {place}", make)


def _root(workspace: Workspace, folder: PipelineFolder, target: str) -> Iterator[Checkup]:
    """Whether the folder is there that the bundle goes below; a target in development makes one for each person."""
    root = root_path(folder.path, target)
    if not root.startswith(_OWN):
        return
    above = "/".join(root.split("/")[:3])
    grant = f"Grant CAN_MANAGE on {above} to the principal that deploys, CAN_READ to the one that plans."
    try:
        found = workspace.has_folder(above)
    except LakewrightError as error:
        yield wrong(target, f"{folder.name}: {error.message}", grant)
        return
    make = f"databricks workspace mkdirs {above}\n{grant}"
    told = f"{folder.name}: {above}"
    yield right(target, told) if found else wrong(target, f"{folder.name}: there is no folder {above}", make)
