"""Zip archives, read by rule."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast

from lakewright.dependencies.entries import Entry, damage, wrong_name
from lakewright.dependencies.guarded import UNLIMITED, GuardedStream
from lakewright.errors.archives import (
    EncryptedEntryError,
    TooManyEntriesError,
    UnsafeNameError,
    UnsupportedEntryError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from lakewright.dependencies.limits import Limits

MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
# Of a general purpose flag (APPNOTE.TXT 4.4.4): encrypted, strongly encrypted, names encrypted.
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
# What wheels may use too. Others cost memory that an archive chooses, or are missing from some Pythons.
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Of an entry in the directory at the end, name and extra fields included; and of what stands around the directory.
_DIRECTORY_ENTRY: Final = 512
_DIRECTORY_FRAME: Final = 2**18
_CHUNK: Final = 2**20
# What reading a damaged zip raises; a password or an unknown compression is a RuntimeError.
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)
_BROKEN: Final = (*BROKEN, ValueError, OverflowError)


class ZipSource:
    """The entries of a zip.

    Args:
        stream: the archive.
        archive: how it is called in errors.
        limits: how long its directory may be.

    Raises:
        ArchiveError: it is no whole zip.
    """

    def __init__(self, stream: BinaryIO, archive: str, limits: Limits) -> None:
        self._archive = archive
        self._stream = GuardedStream(stream, self._too_many)
        self._stream.budget = limits.entries * _DIRECTORY_ENTRY + _DIRECTORY_FRAME
        with self._damage():
            self._zip = zipfile.ZipFile(cast("BinaryIO", self._stream))
        self._stream.budget = UNLIMITED
        self._found: dict[str, zipfile.ZipInfo] = {}

    def entries(self) -> Iterator[Entry]:
        """What the directory of the archive lists, each judged by what is particular to zips."""
        for info in self._zip.infolist():
            self._check(info)
            name = info.filename.removesuffix("/")
            self._found[name] = info
            yield Entry(name=name, size=info.file_size, packed=info.compress_size, kind=_kind(info))

    def verify(self) -> None:
        """Nothing, once all has been read and every checksum was right."""
        for name, info in self._found.items():
            if not info.is_dir():
                with self.open(name) as content, self._damage(name):
                    while content.read(_CHUNK):
                        pass

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The content of an entry."""
        with self._damage(name):
            content = self._zip.open(self._found[name])
        with content:
            yield cast("BinaryIO", content)

    def close(self) -> None:
        """Let go of the archive's file."""
        self._zip.close()
        self._stream.close()

    def _check(self, info: zipfile.ZipInfo) -> None:
        # The name ends at a NUL for `zipfile`, not for others.
        if wrong := wrong_name(info.orig_filename.removesuffix("/")):
            hint = "Pack it again with plain relative names."
            raise UnsafeNameError(self._archive, wrong, entry=info.orig_filename, hint=hint)
        if info.flag_bits & _ENCRYPTED:
            hint = "Pack it again without a password."
            raise EncryptedEntryError(self._archive, "is encrypted", entry=info.filename, hint=hint)
        if info.compress_type not in _METHODS:
            problem = f"is compressed by method {info.compress_type}; only deflate (8) and none (0) are read"
            raise UnsupportedEntryError(self._archive, problem, entry=info.filename, hint="Pack it again with deflate.")

    def _damage(self, entry: str = "") -> AbstractContextManager[None]:
        return damage(self._archive, entry, shown_as=_BROKEN)

    def _too_many(self) -> Exception:
        problem = "has a directory of more entries than are allowed"
        return TooManyEntriesError(self._archive, problem, hint="Raise the limit: Limits(entries=…).")


def _kind(info: zipfile.ZipInfo) -> Literal["file", "folder", "link", "special"]:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return "link"
    # Many writers leave the kind out; what they say must agree with the name.
    if mode not in {0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG}:
        return "special"
    return "folder" if info.is_dir() else "file"
