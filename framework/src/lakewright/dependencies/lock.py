"""A lock: the files of each package that was resolved, with their hashes (PEP 751)."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from lakewright.dependencies.platforms import tag_order
from lakewright.errors.dependencies import DependencyError
from lakewright.errors.wheels import NoWheelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lakewright.dependencies.platforms import WheelTarget

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_VERSION: Final = "1."
# Both become parts of paths on this machine, and an index can say anything.
_FILENAME: Final = re.compile(r"[^./\\][^/\\]*")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFile:
    """A file that a package can be installed from.

    Attributes:
        package: its name, as indexes spell it.
        url: where it lies; for a file of this machine its absolute path.
        sha256: its hash; empty for a file of this machine.
        size: in bytes, where known.
        said_name: its name, where the URL does not end in it.
    """

    package: str
    version: str
    url: str
    sha256: str = ""
    size: int | None = None
    said_name: str = ""

    @property
    def filename(self) -> str:
        """Its name."""
        if self.said_name:
            return self.said_name
        return unquote(urlsplit(self.url).path.rpartition("/")[2]) if "://" in self.url else Path(self.url).name

    @property
    def is_wheel(self) -> bool:
        """Whether it can be installed as it is; else it is source."""
        return self.filename.endswith(".whl")

    @property
    def is_local(self) -> bool:
        """Whether it lies on this machine."""
        return "://" not in self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What was resolved for one target.

    Attributes:
        files: one a package, by name: the wheel that fits best, else the source.
        projects: folders of this machine whose wheels are to be built.
        text: the lock as uv writes it.
    """

    target: WheelTarget
    files: tuple[LockedFile, ...]
    projects: tuple[Path, ...] = ()
    text: str = ""


def read_lock(text: str, target: WheelTarget, *, base: Path) -> Lock:
    """The part of a lock that counts for a target.

    Args:
        text: a PEP 751 lock.
        target: what its files must fit.
        base: the folder that its relative paths start from.

    Raises:
        NoWheelError: a package has neither a wheel for the target nor a source.
        DependencyError: the text is no such lock.
    """
    packages = [each for each in _packages(text) if counts(each, target)]
    projects = [Path(os.path.normpath(base / each["directory"]["path"])) for each in packages if "directory" in each]
    files = [_file(each, target, base) for each in packages if "directory" not in each]
    return Lock(
        target=target,
        files=tuple(sorted(files, key=lambda file: file.package)),
        projects=tuple(sorted(projects)),
        text=text,
    )


def _packages(text: str) -> list[dict[str, Any]]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DependencyError(f"the lock is no TOML: {error}") from error
    if not str(content.get("lock-version", "")).startswith(_VERSION):
        raise DependencyError("this is no lock of PEP 751: it has no lock-version of 1.x")
    packages: list[dict[str, Any]] = content.get("packages", [])
    return packages


def counts(package: Mapping[str, Any], target: WheelTarget) -> bool:
    """Whether an entry of a lock is meant for a target: by its marker, if it has one."""
    from packaging.markers import Marker

    marker = package.get("marker")
    return marker is None or Marker(marker).evaluate({**target.markers, "extra": ""})


def _file(package: Mapping[str, Any], target: WheelTarget, base: Path) -> LockedFile:
    """The file to take: the wheel that fits best, else the source."""
    if "vcs" in package:
        raise DependencyError(
            f"{package['name']} comes from a version control system, which no wheelhouse can pin",
            hint="Ask for a release of it, or hand in a wheel.",
        )
    if "archive" in package:
        return _locked(package, package["archive"], base)
    wheels = {(file := _locked(package, each, base)).filename: file for each in package.get("wheels", ())}
    best = best_wheel(wheels, target)
    if best is not None:
        return wheels[best]
    if "sdist" in package:
        return _locked(package, package["sdist"], base)
    named = f"{package['name']} {package.get('version', '')}".strip()
    raise NoWheelError(named, target=str(target), offered=[*wheels])


def _locked(package: Mapping[str, Any], file: Mapping[str, Any], base: Path) -> LockedFile:
    locked = LockedFile(
        package=package["name"],
        version=str(package.get("version", "")),
        url=_where(file, base),
        sha256=str(file.get("hashes", {}).get("sha256", "")).lower(),
        size=file.get("size"),
        said_name=str(file.get("name", "")),
    )
    if not (_FILENAME.fullmatch(locked.filename) and locked.filename.isprintable()):
        raise _wrong(locked, f"{locked.filename!r} is no name of a file")
    if locked.sha256 and not _SHA256.fullmatch(locked.sha256):
        raise _wrong(locked, f"{locked.sha256!r} is no sha256 of {locked.filename}")
    return locked


def _wrong(file: LockedFile, why: str) -> DependencyError:
    return DependencyError(
        f"{file.package} {file.version} cannot be taken from where it lies: {why}",
        hint="Ask who runs the index or mirror, or hand in the wheel.",
    )


def _where(file: Mapping[str, Any], base: Path) -> str:
    if "path" in file:
        return os.path.normpath(base / str(file["path"]))
    url = str(file["url"])
    return unquote(urlsplit(url).path) if url.startswith("file://") else url


def best_wheel(filenames: Iterable[str], target: WheelTarget) -> str | None:
    """Of some wheels the one that fits a target best; None where none does."""
    ranked = {name: rank for name in filenames if (rank := _rank(name, target)) is not None}
    return min(ranked, key=lambda name: (ranked[name], name), default=None)


def _rank(filename: str, target: WheelTarget) -> tuple[int, int] | None:
    """How well a wheel fits; None if not at all. Of builds of one version the last counts."""
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename

    try:
        _, _, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return None
    order = tag_order(target)
    ranks = list(_ranks(order, tags))
    return (min(ranks), -build[0] if build else 0) if ranks else None


def _ranks(order: Mapping[Any, int], tags: frozenset[Any]) -> Iterator[int]:
    yield from (order[tag] for tag in tags if tag in order)
