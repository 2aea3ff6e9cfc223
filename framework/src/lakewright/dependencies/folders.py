"""A plain folder, read as if it were an archive."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from lakewright.dependencies.entries import Entry, damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Left behind by tools, at any depth; they hold links and the files of this machine, and are not looked into.
TOOL_FOLDERS: Final = frozenset(
    {
        ".eggs", ".git", ".hg", ".hypothesis", ".idea", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pytest_cache",
        ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__MACOSX", "__pycache__", "node_modules", "venv",
    }
)  # fmt: skip


class FolderSource:
    """The files of a folder; what tools keep there is named and not looked into.

    Args:
        folder: that is read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> Iterator[Entry]:
        """All files and folders, in the order of their names."""
        yield from self._walk("")

    def verify(self) -> None:
        """Nothing: a folder has no checksums."""

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The content of a file."""
        with damage(self._folder.name, name, shown_as=(OSError,)):
            descriptor = self._descriptor(name)
        with os.fdopen(descriptor, "rb") as content:
            yield content

    def close(self) -> None:
        """Nothing: no file is kept open."""

    def _descriptor(self, name: str) -> int:
        """A file that is open; what has become a link or a pipe since it was listed is not followed, nor waited for."""
        *folders, file = name.split("/")
        found = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        for part, kind in (*((folder, os.O_DIRECTORY) for folder in folders), (file, os.O_NONBLOCK)):
            above = found
            try:
                found = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | kind, dir_fd=above)
            finally:
                os.close(above)
        return found

    def _walk(self, below: str) -> Iterator[Entry]:
        with damage(self._folder.name, below, shown_as=(OSError,)), os.scandir(self._folder / below) as listed:
            children = sorted(listed, key=lambda child: child.name)
        for child in children:
            name = f"{below}{child.name}"
            found = child.stat(follow_symlinks=False)
            kind = _kind(found.st_mode)
            yield Entry(name=name, size=found.st_size if kind == "file" else 0, kind=kind)
            if child.is_dir(follow_symlinks=False) and child.name not in TOOL_FOLDERS:
                yield from self._walk(f"{name}/")


def _kind(mode: int) -> Literal["file", "folder", "link", "special"]:
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "special"
