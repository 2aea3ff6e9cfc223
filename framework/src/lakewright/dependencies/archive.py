"""What somebody hands in, checked before anything of it is used: a zip, a tar, a tar.gz or a folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from lakewright.dependencies import zips
from lakewright.dependencies.entries import Entry, EntryRules
from lakewright.dependencies.folders import FolderSource
from lakewright.dependencies.limits import Limits
from lakewright.dependencies.tars import GZIP_MAGIC, TarSource
from lakewright.errors.archives import EmptyArchiveError, NotAnArchiveError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from typing_extensions import Self

_CHUNK: Final = 2**20


class Source(Protocol):
    """Where the entries of an archive come from."""

    def entries(self) -> Iterator[Entry]:
        """The entries, one after the other."""
        ...

    def verify(self) -> None:
        """Nothing, once the contents have been compared with their checksums."""
        ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The content of an entry."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Archive:
    """The files of an archive, all of them checked; a context that keeps the archive open.

    Attributes:
        path: where it lies.
        members: its files by name, in the order of names.
        folders: the names of the folders that it lists.
    """

    def __init__(self, path: Path, source: Source, limits: Limits, *, name: str = "") -> None:
        self.path = path
        self._source = source
        self._limits = limits
        rules = EntryRules(name or path.name, limits)
        files: dict[str, Entry] = {}
        folders: set[str] = set()
        for entry in source.entries():
            rules.admit(entry)
            if entry.is_folder:
                folders.add(entry.name)
            else:
                files[entry.name] = entry
        source.verify()
        if not files:
            raise EmptyArchiveError(path.name, "holds no file", hint="Put something in: requirements, code or wheels.")
        self.members = {name: files[name] for name in sorted(files)}
        # A tar is read fastest in its own order.
        self._order = tuple(files)
        self.folders = tuple(sorted(folders))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the archive's file."""
        self._source.close()

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The content of a file, to be read piece by piece.

        Raises:
            KeyError: there is no such file.
        """
        if name not in self.members:
            raise KeyError(name)
        return self._source.open(name)

    def read(self, name: str) -> bytes:
        """The content of a file that is read as a whole.

        Raises:
            KeyError: there is no such file.
            TooLargeError: it is larger than such files are.
        """
        size, most = self.members[name].size, self._limits.text_bytes
        if size > most:
            problem = f"has {size:,} bytes and is read as a whole, for which {most:,} are allowed"
            hint = "Leave out what is not needed, or raise the limit: Limits(text_bytes=…)."
            raise TooLargeError(self.path.name, problem, entry=name, hint=hint)
        with self.open(name) as content:
            return content.read()

    def extract(self, folder: Path, *, names: Iterable[str] | None = None) -> None:
        """Write files below a folder that is new or empty; all of them, or those that are named.

        Raises:
            FileExistsError: the folder has something in it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileExistsError(f"{folder} is not empty")
        wanted = set(self.members if names is None else names)
        for name in (name for name in self._order if name in wanted):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with self.open(name) as content, target.open("xb") as file:
                shutil.copyfileobj(content, file, _CHUNK)


def open_archive(path: Path | str, limits: Limits | None = None) -> Archive:
    """An archive or a folder whose every entry keeps the rules and has been read once.

    Nothing is written. What it is, is told by its content, not by its name.

    Args:
        path: of a .zip, .tar, .tar.gz, or a folder.
        limits: how much it may hold.

    Raises:
        ArchiveError: it breaks a rule; the error names the entry and the way out.
        FileNotFoundError: there is nothing.
    """
    path = Path(path)
    source = _source(path, limits or Limits())
    try:
        return Archive(path, source, limits or Limits())
    except BaseException:
        source.close()
        raise


def open_wheel(path: Path, name: str, limits: Limits | None = None) -> Archive:
    """A wheel as an archive, which keeps the same rules: what installs it will unpack it.

    Args:
        path: of the wheel.
        name: how it is called in errors.
        limits: how much it may hold.

    Raises:
        ArchiveError: it is no zip, or breaks a rule.
    """
    limits = limits or Limits()
    stream = path.open("rb")
    try:
        return Archive(path, zips.ZipSource(stream, name, limits), limits, name=name)
    except BaseException:
        stream.close()
        raise


def _source(path: Path, limits: Limits) -> Source:
    if path.is_dir():
        return FolderSource(path)
    stream = path.open("rb")
    try:
        return _file_source(stream, path, limits)
    except BaseException:
        stream.close()
        raise


def _file_source(stream: BinaryIO, path: Path, limits: Limits) -> Source:
    head = stream.read(4)
    stream.seek(0)
    if not head:
        raise NotAnArchiveError(path.name, "is empty", hint="Hand in a .zip, .tar or .tar.gz, or a folder.")
    if path.suffix == ".whl" and head in zips.MAGICS:
        raise NotAnArchiveError(path.name, "is a wheel itself", hint="Put it into a zip or a folder, and hand that in.")
    if head in zips.MAGICS:
        return zips.ZipSource(stream, path.name, limits)
    return TarSource(stream, path.name, is_gzip=head.startswith(GZIP_MAGIC))
