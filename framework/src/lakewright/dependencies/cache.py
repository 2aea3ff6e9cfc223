"""Files that were fetched or built before, by their hash; many processes share one cache."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.hashing import sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE: Final = "LAKEWRIGHT_CACHE"
_READ_ONLY: Final = 0o444
# Source: linux/fs.h, ioctl_ficlone(2); not in `fcntl`.
_FICLONE: Final = 0x40049409


def default_cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Where files are kept: LAKEWRIGHT_CACHE, else the user's cache folder."""
    given = environment.get(VARIABLE)
    if given:
        return Path(given)
    base = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "lakewright" / "wheels"


def cached(cache: Path, sha256: str, filename: str) -> Path | None:
    """A file that is there and is what its hash says; one that is not any more is removed."""
    path = _place(cache, sha256, filename)
    try:
        if sha256_of(path) == sha256:
            return path
    except FileNotFoundError:
        return None
    path.unlink(missing_ok=True)
    return None


def keep(cache: Path, sha256: str, made: Path) -> Path:
    """Put a whole file into the cache under its name; the file in the cache."""
    place = _place(cache, sha256, made.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    made.chmod(_READ_ONLY)
    # Within one file system: another process sees all of the file or nothing.
    made.replace(place)
    return place


def copy(file: Path, folder: Path) -> Path:
    """The file under its name in another folder too: one that is edited later leaves the other as it is.

    Where the file system can, both share their blocks until then.
    """
    place = folder / file.name
    with file.open("rb") as source, place.open("xb") as target, suppress(OSError):
        fcntl.ioctl(target, _FICLONE, source.fileno())
        return place
    shutil.copyfile(file, place)
    return place


def _place(cache: Path, sha256: str, filename: str) -> Path:
    return cache / sha256 / filename
