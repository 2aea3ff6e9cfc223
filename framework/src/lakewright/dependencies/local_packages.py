"""Folders of installed packages on this machine: one for each content, made once, whoever asks at the same time.

A run's packages go into no environment: on a cluster that several runs share the last one to come would change what
the others import. A folder that is named by its content can be shared by all who want the same, and by nobody else.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from lakewright.dependencies.installing import install_wheels
from lakewright.dependencies.opened import content_digest, local_path, opened
from lakewright.errors.dependencies import ChangedWheelsError, DependencyError, GoneError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT: Final = 14 * 24 * 3600.0
_PRIVATE: Final = 0o700
_DIGITS: Final = 32


def packages_folder(wheelhouse: str, digest: str) -> str:
    """A folder with the packages of a wheelhouse installed, to be put on `sys.path`.

    Args:
        wheelhouse: where the wheels are, if they are not installed yet.
        digest: of their content (`opened.content_digest`).

    Raises:
        DependencyError: the wheels are gone, cannot be installed, or this machine's folder belongs to somebody else.
    """
    base = _base()
    folder = base / f"{digest[:_DIGITS]}-{sys.implementation.cache_tag}"
    if not folder.is_dir():
        with _locked(base / f"{folder.name}.lock"):
            if not folder.is_dir():
                _make(folder, wheelhouse, digest)
                _sweep(base)
    os.utime(folder)
    return str(folder)


def _make(folder: Path, wheelhouse: str, digest: str) -> None:
    """Install beside the folder's place, then put it there whole; who was killed before has left only a part."""
    if not local_path(wheelhouse).exists():
        raise GoneError(wheelhouse)
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    with opened(wheelhouse) as wheels:
        # Others would take the folder for what its name says.
        if content_digest(wheels) != digest:
            raise ChangedWheelsError(wheelhouse)
        install_wheels(wheels, wheelhouse, target=part)
    part.rename(folder)


def _base() -> Path:
    """A folder of this user alone: code that others could write there would be run as this user."""
    base = Path(tempfile.gettempdir()) / f"lakewright-packages-{os.getuid()}"
    base.mkdir(mode=_PRIVATE, exist_ok=True)
    found = base.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise DependencyError(
            f"{base} is not a folder of this user alone", hint="Remove it, or set TMPDIR to a folder of your own."
        )
    return base


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(base: Path) -> None:
    """Remove what nobody has used for two weeks."""
    for folder in base.iterdir():
        # Another process may sweep too, or put its folder to its place.
        with suppress(FileNotFoundError):
            if folder.is_dir() and folder.stat().st_mtime < time.time() - _KEPT:
                shutil.rmtree(folder, ignore_errors=True)
