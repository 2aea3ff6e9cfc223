"""Fetching what was resolved: side by side, each file checked by its hash before anyone sees it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.cache import cached, keep
from lakewright.dependencies.download import Downloads
from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.progress import Silent
from lakewright.dependencies.staging import staged
from lakewright.errors.wheels import FetchError, HashMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lakewright.dependencies.index import Index
    from lakewright.dependencies.lock import LockedFile
    from lakewright.dependencies.progress import Progress

WORKERS: Final = 8


def fetch(
    files: Iterable[LockedFile], *, cache: Path, index: Index, progress: Progress | None = None
) -> tuple[Path, ...]:
    """The files on this machine, in their order; what the cache has is not fetched again.

    Args:
        files: of a lock.
        cache: a folder that any number of processes may share.
        index: whose credentials count.
        progress: who shows what arrives.

    Raises:
        HashMismatchError: a file is another one than was resolved; it is not kept.
        FetchError: it is not there, or the server does not give it.
    """
    shown = progress or Silent()
    wanted = tuple(files)
    found = {file: here for file in wanted if (here := _here(file, cache, index)) is not None}
    missing = [file for file in wanted if file not in found]
    shown.begins(files=len(missing), size=sum(file.size or 0 for file in missing))
    if missing:
        found.update(_fetched(missing, cache, index=index, progress=shown))
    return tuple(found[file] for file in wanted)


def _fetched(files: list[LockedFile], cache: Path, *, index: Index, progress: Progress) -> dict[LockedFile, Path]:
    if index.is_closed:
        names = ", ".join(file.filename for file in files)
        raise FetchError(
            f"neither the cache nor a folder of --find-links has {names}, and no index is to be asked",
            hint="Build once with the network, or point --find-links to a folder that has them.",
        )
    downloads = Downloads(index, progress, side_by_side=WORKERS)
    with staged(cache) as place, downloads, ThreadPoolExecutor(WORKERS) as pool:

        def get(file: LockedFile) -> Path:
            own = place / file.sha256
            own.mkdir()
            return keep(cache, file.sha256, downloads.get(file, own))

        # The largest first: nothing long is left for the end.
        running = {file: pool.submit(get, file) for file in sorted(files, key=lambda file: -(file.size or 0))}
        try:
            return {file: running[file].result() for file in files}
        except BaseException:
            downloads.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _here(file: LockedFile, cache: Path, index: Index) -> Path | None:
    """The file where it lies on this machine already."""
    if file.is_local:
        return _checked(Path(file.url), file.sha256)
    if not file.sha256:
        raise FetchError(
            f"{file.filename} has no sha256 in the index, so nobody could tell whether it is the right one",
            hint="Use an index or mirror that gives hashes (PEP 503), or hand in the wheel.",
        )
    return cached(cache, file.sha256, file.filename) or _in_folders(file, index)


def _in_folders(file: LockedFile, index: Index) -> Path | None:
    """The file in a folder that is named as a mirror, if it is the right one there."""
    candidates = (Path(place) / file.filename for place in index.find_links if "://" not in place)
    return next((path for path in candidates if path.is_file() and sha256_of(path) == file.sha256), None)


def _checked(path: Path, sha256: str) -> Path:
    if not path.is_file():
        raise FetchError(f"{path} is not there", hint="Hand it in again, or resolve anew.")
    found = sha256_of(path) if sha256 else ""
    if found != sha256:
        raise HashMismatchError(path.name, expected=sha256, found=found)
    return path
