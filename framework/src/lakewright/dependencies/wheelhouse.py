"""A wheelhouse: the wheels that a pipeline runs with, in a folder that is named by what is in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from lakewright.dependencies.cache import copy
from lakewright.dependencies.contents import (
    LOCK,
    MANIFEST,
    REQUIREMENTS,
    SBOM,
    WHEELS,
    WheelEntry,
    Wheelhouse,
    lock_text,
    manifest,
    requirements,
    to_json,
    wheelhouse_digest,
)
from lakewright.dependencies.current import AGAIN
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.sbom import sbom
from lakewright.dependencies.staging import staged
from lakewright.dependencies.wheel import check_target, needs_of, read_wheel
from lakewright.errors.wheels import DuplicateWheelError, WheelhouseError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from lakewright.dependencies.platforms import WheelTarget
    from lakewright.dependencies.wheel import Wheel


def entries_of(wheels: Iterable[Path], target: WheelTarget, *, origins: Mapping[Path, str]) -> tuple[WheelEntry, ...]:
    """What a wheelhouse says of wheels, by name; each is checked.

    Raises:
        WheelError: one is damaged, or not what its name says.
        WheelTargetError: one is for another Python or machine.
        RequiresPythonError: one excludes the target's Python.
        DuplicateWheelError: two are of one package.
    """
    found: dict[str, Wheel] = {}
    for path in wheels:
        wheel = read_wheel(path)
        check_target(wheel, target)
        other = found.setdefault(wheel.name, wheel)
        if other.path != path and sha256_of(other.path) != sha256_of(path):
            raise DuplicateWheelError(wheel.name, sorted((other.filename, wheel.filename)))
    return tuple(_entry(found[name], origins, beside=found.keys()) for name in sorted(found))


def assemble(
    wheels: Sequence[Path],
    out: Path,
    *,
    target: WheelTarget,
    origins: Mapping[Path, str] | None = None,
) -> Wheelhouse:
    """A wheelhouse of these wheels in `<out>/<digest>/`, put into place whole; a whole one that is there is taken.

    Args:
        wheels: all that are needed, dependencies too.
        out: the folder of wheelhouses.
        target: what the wheels must fit.
        origins: where a wheel comes from, where not from an index.

    Raises:
        DependencyError: a wheel is damaged, does not fit, or is there twice; nothing is written.
    """
    entries = entries_of(wheels, target, origins=origins or {})
    digest = wheelhouse_digest(entries)
    place = out / digest
    made = Wheelhouse(path=place, digest=digest, target=target, wheels=entries)
    if place.is_dir() and _is_whole(made):
        _tell(made)
        return made
    shutil.rmtree(place, ignore_errors=True)
    by_name = {path.name: path for path in wheels}
    with staged(out) as folder:
        (folder / WHEELS).mkdir()
        for entry in entries:
            copy(by_name[entry.filename], folder / WHEELS)
        texts = {
            MANIFEST: to_json(manifest(made)),
            LOCK: lock_text(entries),
            SBOM: to_json(sbom(made, [read_wheel(by_name[entry.filename]) for entry in entries])),
            REQUIREMENTS: requirements(entries),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        put(folder, place)
    return made


def check_files(wheelhouse: Wheelhouse) -> None:
    """Nothing, if the folder holds exactly the wheels of its manifest, and its name is their digest.

    Raises:
        WheelhouseError: a wheel is missing, too many, or another one than was built.
    """
    folder = wheelhouse.path / WHEELS
    there = {path.name for path in folder.glob("*")}
    meant = {wheel.filename for wheel in wheelhouse.wheels}
    problems = [f"{name} is missing" for name in sorted(meant - there)]
    problems += [f"{name} does not belong to it" for name in sorted(there - meant)]
    for wheel in wheelhouse.wheels:
        if wheel.filename in there and sha256_of(folder / wheel.filename) != wheel.sha256:
            problems.append(f"{wheel.filename} is not the wheel that was built: its sha256 differs")
    if wheelhouse_digest(wheelhouse.wheels) != wheelhouse.digest:
        problems.append(f"its digest is not {wheelhouse.digest}")
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise WheelhouseError(f"the wheelhouse {wheelhouse.path} is not whole:{listed}", hint=AGAIN)


def _is_whole(made: Wheelhouse) -> bool:
    """Whether nobody has changed or removed anything of a wheelhouse that is there."""
    try:
        check_files(made)
    except WheelhouseError:
        return False
    return all((made.path / name).is_file() for name in (MANIFEST, LOCK, SBOM, REQUIREMENTS))


def _tell(made: Wheelhouse) -> None:
    """Have the manifest of a wheelhouse that was there say what this build knows: pure wheels fit several targets."""
    text, file = to_json(manifest(made)), made.path / MANIFEST
    if file.read_text(encoding="utf-8") != text:
        with staged(made.path.parent) as folder:
            (folder / MANIFEST).write_text(text, encoding="utf-8")
            (folder / MANIFEST).replace(file)


def put(folder: Path, place: Path) -> None:
    """A whole folder under its final name; one that another process has put there stays."""
    try:
        folder.rename(place)
    except OSError:
        if not place.is_dir():
            raise
        shutil.rmtree(folder)


def _entry(wheel: Wheel, origins: Mapping[Path, str], *, beside: Collection[str]) -> WheelEntry:
    return WheelEntry(
        name=wheel.name,
        version=wheel.version,
        filename=wheel.filename,
        sha256=sha256_of(wheel.path),
        size=wheel.path.stat().st_size,
        origin=origins.get(wheel.path, "index"),
        needs=tuple(sorted({need for need in needs_of(wheel) if need in beside and need != wheel.name})),
    )
