"""Errors about archives from outside: each says which entry breaks which rule."""

from __future__ import annotations

from lakewright.errors.dependencies import DependencyError


class ArchiveError(DependencyError, ValueError):
    """An archive cannot be taken.

    Args:
        archive: its path.
        problem: what is wrong with it, or with the entry.
        entry: the name of the offending entry, as it stands in the archive.
        hint: the way out.

    >>> print(ArchiveError("deps.zip", "is encrypted", entry="a.py", hint="Store it without a password."))
    deps.zip: entry 'a.py' is encrypted
      Store it without a password.
    """

    def __init__(self, archive: str, problem: str, *, entry: str = "", hint: str = "") -> None:
        # A name may hold anything, line breaks and terminal codes included.
        subject = f"entry {ascii(entry) if not entry.isprintable() else repr(entry)} " if entry else ""
        super().__init__(f"{archive}: {subject}{problem}", hint=hint)
        self.archive = archive
        self.entry = entry


class NotAnArchiveError(ArchiveError):
    """The path is no zip, no tar and no folder."""


class DamagedArchiveError(ArchiveError):
    """The archive is cut off, or an entry is not what its checksum says."""


class EmptyArchiveError(ArchiveError):
    """The archive holds no file."""


class UnsafeNameError(ArchiveError):
    """The name of an entry leads out of the archive, or means different files on different systems."""


class LinkedEntryError(ArchiveError):
    """An entry is a link."""


class SpecialEntryError(ArchiveError):
    """An entry is a device, a pipe or a socket."""


class DuplicateEntryError(ArchiveError):
    """Two entries have one name."""


class CollidingEntryError(ArchiveError):
    """Two entries are one file where case does not count, or one is a file and a folder at once."""


class EncryptedEntryError(ArchiveError):
    """An entry needs a password."""


class UnsupportedEntryError(ArchiveError):
    """An entry is compressed in a way that cannot be read here."""


class TooManyEntriesError(ArchiveError):
    """The archive has more entries, or deeper folders, than the limit."""


class TooLargeError(ArchiveError):
    """The archive, or an entry, unpacks to more than the limit."""


class CompressionRatioError(ArchiveError):
    """An entry unpacks to so many times its size that it can only be a bomb."""
