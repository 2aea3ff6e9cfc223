"""Folders that are written beside their final place, and what killed processes left of them."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = ".making-"
_CONTENT: Final = "content"


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder that is removed even if this process is killed: then by the next one."""
    with staged(Path(gettempdir()).resolve()) as place:
        # uv takes settings from the folders above too, and into a temporary folder anybody may put some.
        (place / "uv.toml").touch()
        yield place


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder to write into, on the file system of `out`; what is not moved away is removed at the end.

    Its owner holds a lock on it, which ends with the process, however that ends. So the next one tells what is left
    of a killed process from what another one is writing.
    """
    out.mkdir(parents=True, exist_ok=True)
    sweep(out)
    own, handle = _owned(out)
    try:
        content = own / _CONTENT
        content.mkdir()
        yield content
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(handle)


def _owned(out: Path) -> tuple[Path, int]:
    """A new folder and the lock on it."""
    while True:
        own = Path(mkdtemp(prefix=PREFIX, dir=out))
        with suppress(FileNotFoundError):
            handle = os.open(own, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Before it was locked, another process may have swept it.
            if own.exists():
                return own, handle
            os.close(handle)


def sweep(out: Path) -> None:
    """Remove what processes that were killed have left in a folder."""
    for left in out.glob(f"{PREFIX}*"):
        with suppress(OSError):
            # Others may put there what waits when it is opened, or leads elsewhere.
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)
