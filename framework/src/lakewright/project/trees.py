"""The files of a repository: as they lie here, or as they were at a commit."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from lakewright.errors.git import GitError
from lakewright.project.git import lines, output, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SYMLINK: Final = "120000"


class Tracked(NamedTuple):
    """A file by its path below the folder of its tree."""

    path: str
    is_link: bool = False


class Tree(Protocol):
    """Files, of a commit or as they lie here."""

    @property
    def files(self) -> Sequence[Tracked]:
        """All of them; one that was deleted here may be among them."""

    def content(self, path: str) -> bytes | None:
        """What a file holds; None where it is not there."""

    def target(self, path: str) -> str:
        """Where a link leads."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The files below a folder as they lie here, but ignored ones."""

    folder: Path
    files: Sequence[Tracked] = ()

    @classmethod
    def of(cls, folder: Path) -> WorkTree:
        """The files that git knows or would take.

        Raises:
            GitError: there is no git, or the folder is in no repository of it.
        """
        staged = [_tracked(entry) for entry in lines(run(folder, "ls-files", "--stage", "-z"))]
        others = lines(run(folder, "ls-files", "--others", "--exclude-standard", "-z"))
        found = [Tracked(path, (folder / path).is_symlink()) for path in others]
        # A file in conflict is staged several times.
        return cls(folder, tuple(dict.fromkeys((*staged, *found))))

    def content(self, path: str) -> bytes | None:
        """What lies here."""
        # Thousands of files are read, and most of what `pathlib` would do for each is not needed.
        place = os.path.join(self.folder, path)  # noqa: PTH118  as above
        try:
            with open(place, "rb") as opened:  # noqa: PTH123  as above
                return opened.read()
        except OSError:
            return None

    def target(self, path: str) -> str:
        """Where a link leads; empty for what is none."""
        place = self.folder / path
        return str(place.readlink()) if place.is_symlink() else ""


@dataclass(frozen=True, slots=True)
class CommitTree:
    """The files of a commit below a folder."""

    folder: Path
    commit: str
    files: Sequence[Tracked] = ()

    @classmethod
    def of(cls, folder: Path, commit: str, *below: str) -> CommitTree:
        """All files, or those below some paths.

        Raises:
            GitError: there is no git, or no such commit.
        """
        listed = lines(run(folder, "ls-tree", "-r", "-z", commit, "--", *below))
        return cls(folder, commit, tuple(_tracked(entry) for entry in listed))

    def content(self, path: str) -> bytes | None:
        """What was committed."""
        try:
            return output(self.folder, "cat-file", "blob", f"{self.commit}:./{path}")
        except GitError:
            return None

    def target(self, path: str) -> str:
        """Where a link leads, which is what was committed as its content."""
        return os.fsdecode(self.content(path) or b"")


@contextmanager
def checked_out(folder: Path, commit: str) -> Iterator[Path]:
    """A folder as it was at a commit, as files that are gone afterwards.

    The files come by an index of their own, so that nothing of the repository changes, whatever happens meanwhile.

    Raises:
        GitError: there is no git, or no such commit.
    """
    prefix = run(folder, "rev-parse", "--show-prefix").rstrip("\n")
    top = folder.resolve().parents[prefix.count("/") - 1] if prefix else folder
    with tempfile.TemporaryDirectory(prefix="lakewright-") as scratch:
        index = {"GIT_INDEX_FILE": f"{scratch}/index"}
        run(top, "read-tree", commit, environment=index)
        run(top, "checkout-index", "--all", f"--prefix={scratch}/tree/", environment=index)
        yield Path(scratch) / "tree" / prefix


def _tracked(entry: str) -> Tracked:
    """An entry that begins with a mode and ends with a tab and the path."""
    mode, _, rest = entry.partition(" ")
    return Tracked(rest.partition("\t")[2], mode == _SYMLINK)
