"""All wheels of a lock: fetched, or built where a package comes as source only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import Version

from lakewright.dependencies.build import build_source
from lakewright.dependencies.cache import cached, keep
from lakewright.dependencies.fetch import fetch
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.interpreters import find_python
from lakewright.dependencies.staging import staged
from lakewright.dependencies.wheel import parsed_name
from lakewright.errors.wheels import OtherPackageError

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import Lock, LockedFile
    from lakewright.dependencies.progress import Progress

BUILT = "built"


class Gathered(NamedTuple):
    """Wheels, in the order of the lock, and where those come from that are not of an index."""

    wheels: tuple[Path, ...]
    origins: dict[Path, str]


def gather(lock: Lock, *, cache: Path, index: Index, progress: Progress | None = None) -> Gathered:
    """The wheels of a lock, each checked by its hash.

    Raises:
        FetchError: a file cannot be had, or is another one than was resolved.
        NativeSourceError: a package comes as source only and is not pure Python.
        BuildError: a package comes as source only and cannot be built.
        OtherPackageError: a wheel, or what was built from source, is of another package or version than was resolved.
    """
    paths = fetch(lock.files, cache=cache, index=index, progress=progress)
    origins: dict[Path, str] = {}
    wheels = []
    for file, path in zip(lock.files, paths, strict=True):
        wheel = path if file.is_wheel else _built(file, path, lock=lock, cache=cache, index=index)
        _check_package(wheel, file)
        if not file.is_wheel:
            origins[wheel] = BUILT
        elif file.is_local:
            origins[wheel] = "given"
        wheels.append(wheel)
    return Gathered(tuple(wheels), origins)


def _built(file: LockedFile, source: Path, *, lock: Lock, cache: Path, index: Index) -> Path:
    """The wheel of a source, from the cache if it was built before."""
    marker = sha256_of(source)
    folder = cache / BUILT / f"{marker}-{lock.target.python}"
    for known in folder.glob("*/*.whl"):
        found = cached(folder, known.parent.name, known.name)
        if found:
            return found
    with staged(cache) as place:
        python = find_python(lock.target.python, index) or sys.executable
        made = build_source(source, place, file=file, target=lock.target, index=index, python=python)
        _check_package(made, file)
        return keep(folder, sha256_of(made), made)


def _check_package(wheel: Path, file: LockedFile) -> None:
    """Nothing, if a wheel is of the package and version that its file was resolved as: an index may call it anything.

    That its metadata agree with its name is checked by who reads it.
    """
    name, version, _ = parsed_name(wheel.name)
    # A lock leaves out the version of what may have another one tomorrow, such as an archive behind a URL.
    if name != canonicalize_name(file.package) or (file.version and version != Version(file.version)):
        source = "" if file.is_wheel else file.filename
        raise OtherPackageError(f"{file.package} {file.version}".strip(), found=f"{name} {version}", source=source)
