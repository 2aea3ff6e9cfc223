"""A wheelhouse on the volume that a target's jobs read it from: put there once, whole, and never changed."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from lakewright.databricks.expressions import ROOT
from lakewright.dependencies.contents import LOCK, MANIFEST, REQUIREMENTS, SBOM, WHEELS, requirements, volume_folder
from lakewright.dependencies.current import read_wheelhouse
from lakewright.dependencies.staging import staged
from lakewright.dependencies.wheelhouse import check_files, put
from lakewright.emulator.bundle import BundleValues, bundle_values
from lakewright.errors.deploying import UploadError
from lakewright.project.bundle import configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lakewright.dependencies.contents import WheelEntry, Wheelhouse
    from lakewright.project.repository import PipelineFolder

_SIDE_BY_SIDE: Final = 4
# What a wheelhouse holds; a name comes from the volume, and must not lead anywhere else.
_OWN: Final = re.compile(rf"{MANIFEST}|{LOCK}|{SBOM}|{REQUIREMENTS}|{WHEELS}/[A-Za-z0-9][^/]*\.whl")


class VolumeFiles(Protocol):
    """The files of a volume."""

    def sizes(self, folder: str) -> Mapping[str, int]:
        """The sizes of the files below a folder, by their paths in it; none where there is no folder."""
        ...

    def make(self, folder: str) -> None:
        """Make a folder, with those above it."""
        ...

    def send(self, file: Path, place: str) -> None:
        """Put a file there, in the place of one that is there."""
        ...

    def read(self, place: str) -> Iterator[bytes]:
        """A file, piece by piece."""
        ...

    def sha256(self, place: str) -> str:
        """The SHA-256 of a file."""
        ...


class Uploaded(NamedTuple):
    """What an upload did.

    Attributes:
        place: the folder on the volume.
        sent: names of the files that were put there.
        kept: how many were there already.
    """

    place: str
    sent: tuple[str, ...]
    kept: int


def wheelhouse_place(folder: PipelineFolder, target: str, digest: str) -> str:
    """The folder on a target's volume that a wheelhouse of a pipeline lies in.

    Raises:
        BundleReferenceError: `targets.yml` does not say which volume.
        ProjectError: a file of the bundle cannot be read.
    """
    values = BundleValues(bundle_values(configuration(folder.path, target)))
    return volume_folder(str(values.fill(ROOT)), folder.name, digest)


def upload(
    wheelhouse: Wheelhouse, place: str, files: VolumeFiles, *, tell: Callable[[str], None] = lambda _: None
) -> Uploaded:
    """Put a wheelhouse on a volume, file by file; one that was cut off goes on where it was.

    The manifest comes last: where it is, the rest is whole, and is not touched again. Each wheel is read back, so that
    what is installed is what was built.

    Args:
        wheelhouse: on this machine; checked before anything is sent.
        place: its folder on the volume.
        files: of the volume.
        tell: gets a line for each file that is sent.

    Raises:
        WheelhouseError: it is damaged here.
        UploadError: another one lies there, or a file did not arrive as it was sent.
        WorkspaceError: the workspace refuses.
    """
    check_files(wheelhouse)
    there = files.sizes(place)
    if MANIFEST in there:
        _check_same(wheelhouse, place, files=files, there=there)
        return Uploaded(place, (), len(there))
    files.make(f"{place}/{WHEELS}")

    def send_wheel(entry: WheelEntry) -> str | None:
        return _send_wheel(wheelhouse, entry, place, files=files, size=there.get(f"{WHEELS}/{entry.filename}"))

    sent: list[str] = []
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for name in filter(None, pool.map(send_wheel, wheelhouse.wheels)):
            tell(f"  sent {name}")
            sent.append(name)
    with TemporaryDirectory(prefix="lakewright-") as scratch:
        # A cluster may read it from a copy elsewhere, so it says where the wheels are.
        absolute = Path(scratch) / REQUIREMENTS
        absolute.write_text(requirements(wheelhouse.wheels, f"{place}/{WHEELS}"), encoding="utf-8")
        for file in (wheelhouse.path / LOCK, wheelhouse.path / SBOM, absolute, wheelhouse.path / MANIFEST):
            files.send(file, f"{place}/{file.name}")
            sent.append(file.name)
    return Uploaded(place, tuple(sent), len(wheelhouse.wheels) + 4 - len(sent))


def _send_wheel(
    wheelhouse: Wheelhouse, entry: WheelEntry, place: str, *, files: VolumeFiles, size: int | None
) -> str | None:
    """The name of a wheel that had to be sent; None for one that was there."""
    target = f"{place}/{WHEELS}/{entry.filename}"
    if size == entry.size and files.sha256(target) == entry.sha256:
        return None
    files.send(wheelhouse.path / WHEELS / entry.filename, target)
    if files.sha256(target) != entry.sha256:
        raise UploadError(
            f"{target} is not what was sent: its sha256 differs",
            hint="Nothing uses it yet. Try again; if it stays so, look at who else writes to the volume.",
        )
    return entry.filename


def _check_same(wheelhouse: Wheelhouse, place: str, *, files: VolumeFiles, there: Mapping[str, int]) -> None:
    """Nothing, if what lies there is the wheelhouse.

    Raises:
        UploadError: a wheel is gone or has changed since it was put there.
    """
    try:
        found = json.loads(b"".join(files.read(f"{place}/{MANIFEST}")))["digest"]
    except (KeyError, TypeError, ValueError):
        found = "no digest"
    problems = [] if found == wheelhouse.digest else [f"{MANIFEST} is of {found}"]
    for entry in wheelhouse.wheels:
        size = there.get(f"{WHEELS}/{entry.filename}")
        if size != entry.size:
            problems.append(f"{entry.filename} is gone" if size is None else f"{entry.filename} has another size")
    if problems:
        listed = "".join(f"\n    {problem}" for problem in problems)
        raise UploadError(
            f"{place} was changed after it was put there:{listed}",
            hint="Jobs that run with it may fail. Find out who did that, remove the folder, and deploy again:\n"
            f"databricks fs rm --recursive dbfs:{place}",
        )


def fetch(place: str, out: Path, files: VolumeFiles) -> Wheelhouse:
    """A wheelhouse from a volume, in `<out>/<digest>/`, whole and checked; one that is here already is taken.

    Raises:
        UploadError: there is none.
        WheelhouseError: it is damaged; nothing is left here.
        WorkspaceError: the workspace refuses.
    """
    digest = place.rpartition("/")[2]
    if (out / digest).is_dir():
        return read_wheelhouse(out / digest)
    there = files.sizes(place)
    if MANIFEST not in there:
        raise UploadError(
            f"there is no wheelhouse in {place}", hint="It was removed, or its upload was never finished."
        )
    with staged(out) as folder:
        (folder / WHEELS).mkdir()
        for name in filter(_OWN.fullmatch, there):
            with (folder / name).open("wb") as opened:
                opened.writelines(files.read(f"{place}/{name}"))
        found = read_wheelhouse(folder)
        check_files(found)
        (folder / REQUIREMENTS).write_text(requirements(found.wheels), encoding="utf-8")
        if found.digest != digest:
            raise UploadError(f"{place} holds another wheelhouse: {found.digest}")
        put(folder, out / digest)
    return read_wheelhouse(out / digest)
