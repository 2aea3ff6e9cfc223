"""Tar archives, plain and through gzip, read by rule."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast

from lakewright.dependencies.entries import Entry, damage
from lakewright.dependencies.guarded import UNLIMITED, GuardedStream
from lakewright.errors.archives import (
    NotAnArchiveError,
    TooLargeError,
    UnsupportedEntryError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

GZIP_MAGIC: Final = b"\x1f\x8b"
# For the headers of one entry: a tar says itself how long they are, and may put any number of them in a row.
_HEADERS: Final = 2**16
_CHUNK: Final = 2**20
# Writers fill up their last record; none is nearly as long.
_PADDING: Final = 2**24
_BLOCK: Final = 512
_BROKEN: Final = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError, OSError)


class TarSource:
    """The entries of a tar.

    Args:
        stream: the archive.
        archive: how it is called in errors.
        is_gzip: whether it went through gzip.

    Raises:
        ArchiveError: it does not begin like a tar.
    """

    def __init__(self, stream: BinaryIO, archive: str, *, is_gzip: bool) -> None:
        self._archive = archive
        self._outer = stream
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if is_gzip else stream
        self._stream = GuardedStream(plain, self._long_headers)
        self._found: dict[str, tarfile.TarInfo] = {}
        self._stream.budget = _HEADERS
        with self._damage():
            try:
                self._tar = tarfile.TarFile(fileobj=cast("BinaryIO", self._stream), encoding="utf-8")
            except (tarfile.ReadError, gzip.BadGzipFile) as error:
                problem = f"is no zip, no tar and no folder ({error})"
                raise NotAnArchiveError(
                    archive, problem, hint="Hand in a .zip, .tar or .tar.gz, or a folder."
                ) from error

    def entries(self) -> Iterator[Entry]:
        """What the archive holds, in its order, each judged by what is particular to tars."""
        # An empty tar has nothing to go on from.
        while self._tar.offset and (info := self._next()) is not None:
            # What was packed as `.` has it before each name, and is an entry itself.
            name = info.name.removeprefix("./")
            if info.issparse():
                hint = "Pack it again without --sparse."
                raise UnsupportedEntryError(self._archive, "is stored with holes", entry=name, hint=hint)
            if name != "." or not info.isdir():
                self._found[name] = info
                yield Entry(name=name, size=info.size, kind=_kind(info))

    def verify(self) -> None:
        """Nothing, once the archive has been read to its end and that is where it must be.

        A tar has no checksums of contents; gzip has one, which is compared when its last byte is read.
        """
        with self._damage():
            self._stream.seek(self._tar.offset)
            self._stream.budget = UNLIMITED
            padding, block = 0, self._stream.read(_BLOCK)
            if block != bytes(_BLOCK):
                raise tarfile.ReadError("the mark of the end is missing")
            while block:
                if block.strip(b"\0"):
                    raise tarfile.ReadError("something follows after the mark of the end")
                padding += len(block)
                if padding > _PADDING:
                    raise tarfile.ReadError(f"more than {_PADDING:,} bytes of nothing follow after the mark of the end")
                block = self._stream.read(_CHUNK)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The content of an entry."""
        with self._damage(name):
            self._stream.budget = UNLIMITED
            content = self._tar.extractfile(self._found[name])
        if content is None:
            raise KeyError(name)
        with content:
            yield cast("BinaryIO", content)

    def close(self) -> None:
        """Let go of the archive's file."""
        self._tar.close()
        self._stream.close()
        self._outer.close()

    def _next(self) -> tarfile.TarInfo | None:
        with self._damage():
            self._stream.budget = _HEADERS
            before = self._tar.offset
            info = self._tar.next()
            if info is not None and self._found and self._tar.offset <= before:
                raise tarfile.ReadError("an entry has a size below zero")
            # Else it would keep all of them, twice.
            self._tar.members.clear()  # type: ignore[attr-defined]  # as the standard library's own documents suggest
            return info

    def _damage(self, entry: str = "") -> AbstractContextManager[None]:
        return damage(self._archive, entry, shown_as=_BROKEN)

    def _long_headers(self) -> Exception:
        problem = f"has more than {_HEADERS:,} bytes of headers for one entry"
        return TooLargeError(self._archive, problem, hint="Pack it again.")


def _kind(info: tarfile.TarInfo) -> Literal["file", "folder", "link", "special"]:
    if info.issym() or info.islnk():
        return "link"
    if info.isdir():
        return "folder"
    return "file" if info.isreg() else "special"
