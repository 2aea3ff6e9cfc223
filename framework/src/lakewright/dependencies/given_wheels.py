"""Wheels that were handed in: checked, one a package, copied as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lakewright.dependencies.archive import open_wheel
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.manifest import Fate
from lakewright.dependencies.wheel import Wheel, check_contents, check_target, read_wheel
from lakewright.errors.dependencies import DependencyError
from lakewright.errors.wheels import DuplicateWheelError, WheelTargetError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakewright.dependencies.limits import Limits
    from lakewright.dependencies.platforms import WheelTarget


class GivenWheels(NamedTuple):
    """The wheels that count, and what became of each file."""

    wheels: tuple[Wheel, ...]
    fates: tuple[Fate, ...]


def given_wheels(files: Mapping[str, Path], *, target: WheelTarget, limits: Limits) -> GivenWheels:
    """The wheels that the target takes, one a package.

    Of builds of one version for several Pythons the one that fits is taken, and the others are accounted for.

    Args:
        files: by their names in the archive.
        target: what they must fit.
        limits: what one may unpack to.

    Raises:
        DependencyError: one is damaged or not what its name says, none of a package fits, or several do.
    """
    packages: dict[str, list[tuple[str, Wheel]]] = {}
    for name, file in files.items():
        wheel = _checked(name, file, limits)
        packages.setdefault(wheel.name, []).append((name, wheel))
    wheels: list[Wheel] = []
    fates: list[Fate] = []
    for package, found in packages.items():
        name, wheel = _chosen(package, found, target)
        wheels.append(wheel)
        fates.append(Fate(file=name, what="copied as", detail=wheel.filename))
        fates.extend(_left_out(other, each, chosen=wheel, target=target) for other, each in found if other != name)
    return GivenWheels(tuple(wheels), tuple(fates))


def _checked(name: str, file: Path, limits: Limits) -> Wheel:
    with open_wheel(file, name, limits):
        wheel = read_wheel(file)
        check_contents(wheel)
    return wheel


def _chosen(package: str, found: list[tuple[str, Wheel]], target: WheelTarget) -> tuple[str, Wheel]:
    refusals = {name: _refusal(wheel, target) for name, wheel in found}
    fitting = [(name, wheel) for name, wheel in found if refusals[name] is None]
    if not fitting:
        raise next(error for error in refusals.values() if error is not None)
    different = {(wheel.filename, sha256_of(wheel.path)) for _, wheel in fitting}
    versions = {wheel.version for _, wheel in found}
    if len(different) > 1 or len(versions) > 1:
        raise DuplicateWheelError(package, sorted(name for name, _ in found))
    return fitting[0]


def _refusal(wheel: Wheel, target: WheelTarget) -> DependencyError | None:
    try:
        check_target(wheel, target)
    except DependencyError as error:
        return error
    return None


def _left_out(name: str, wheel: Wheel, *, chosen: Wheel, target: WheelTarget) -> Fate:
    refusal = _refusal(wheel, target)
    if isinstance(refusal, WheelTargetError):
        return Fate(file=name, what="ignored", detail=f"made for another target than {chosen.filename}")
    return Fate(file=name, what="ignored", detail=f"the same as {chosen.filename}")
