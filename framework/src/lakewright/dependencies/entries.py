"""The rules that each entry of an archive must keep, whatever the archive is.

Python's own `extractall` renames what it does not like (`../a` becomes `a`), so that one file silently stands for
another. Here a name is taken as it is, or the archive is refused.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal

from lakewright.errors.archives import (
    ArchiveError,
    CollidingEntryError,
    CompressionRatioError,
    DamagedArchiveError,
    DuplicateEntryError,
    LinkedEntryError,
    SpecialEntryError,
    TooLargeError,
    TooManyEntriesError,
    UnsafeNameError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.dependencies.limits import Limits

# What file systems take: NAME_MAX and, with room for the folder that it is unpacked to, PATH_MAX of Linux.
_PART_BYTES: Final = 255
_NAME_BYTES: Final = 1024
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_RENAME: Final = "Pack it again with plain relative names."
_RAISE: Final = "Leave out what is not needed, or raise the limit: Limits({}=…)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an archive says about one of its entries.

    Attributes:
        name: with `/` between its parts and none at the end.
        size: of the content once unpacked.
        packed: of the content in the archive; None where it is not compressed by itself.
        kind: what it is; nothing but files and folders is admitted.
    """

    name: str
    size: int = 0
    packed: int | None = None
    kind: Literal["file", "folder", "link", "special"] = "file"

    @property
    def is_folder(self) -> bool:
        """Whether other entries may lie in it."""
        return self.kind == "folder"


class EntryRules:
    """Judges the entries of one archive, one after the other.

    Args:
        archive: how the archive is called in errors.
        limits: how much it may hold.
    """

    def __init__(self, archive: str, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._count = 0
        self._total = 0
        # Under the name that a file system without case would give it.
        self._seen: dict[str, Entry] = {}

    def admit(self, entry: Entry) -> None:
        """Nothing, if the entry keeps all rules.

        Raises:
            ArchiveError: it breaks one.
        """
        self._check_name(entry.name)
        self._check_kind(entry)
        self._check_count(entry.name)
        self._check_size(entry)
        self._check_place(entry)

    def _check_name(self, name: str) -> None:
        wrong = wrong_name(name)
        if wrong:
            raise UnsafeNameError(self._archive, wrong, entry=name, hint=_RENAME)

    def _check_kind(self, entry: Entry) -> None:
        if entry.kind == "link":
            hint = "Put a copy of the file in its place."
            raise LinkedEntryError(self._archive, "is a link", entry=entry.name, hint=hint)
        if entry.kind == "special":
            raise SpecialEntryError(self._archive, "is no file and no folder", entry=entry.name, hint="Leave it out.")
        if entry.is_folder and entry.size:
            problem = "is a folder that has content like a file"
            raise SpecialEntryError(self._archive, problem, entry=entry.name, hint="Pack it again.")

    def _check_count(self, name: str) -> None:
        self._count += 1
        if self._count > self._limits.entries:
            problem = f"has more than {self._limits.entries:,} entries"
            raise TooManyEntriesError(self._archive, problem, hint=_RAISE.format("entries"))
        if name.count("/") > self._limits.depth:
            problem = f"lies more than {self._limits.depth} folders deep"
            raise TooManyEntriesError(self._archive, problem, entry=name, hint=_RAISE.format("depth"))

    def _check_size(self, entry: Entry) -> None:
        limits = self._limits
        self._total += entry.size
        if entry.size > limits.entry_bytes:
            problem = f"unpacks to {entry.size:,} bytes, {limits.entry_bytes:,} are allowed"
            raise TooLargeError(self._archive, problem, entry=entry.name, hint=_RAISE.format("entry_bytes"))
        if self._total > limits.total_bytes:
            problem = f"unpacks to more than {limits.total_bytes:,} bytes"
            raise TooLargeError(self._archive, problem, hint=_RAISE.format("total_bytes"))
        if entry.packed is not None and limits.ratio_from < entry.size > limits.ratio * entry.packed:
            problem = f"unpacks from {entry.packed:,} to {entry.size:,} bytes, more than {limits.ratio} times as many"
            raise CompressionRatioError(self._archive, problem, entry=entry.name, hint=_RAISE.format("ratio"))

    def _check_place(self, entry: Entry) -> None:
        for folder in PurePosixPath(entry.name).parents[:-1]:
            self._take(Entry(name=str(folder), kind="folder"), of=entry)
        self._take(entry, of=entry)

    def _take(self, entry: Entry, *, of: Entry) -> None:
        other = self._seen.setdefault(_without_case(entry.name), entry)
        if other is entry or (other.name == entry.name and other.is_folder and entry.is_folder):
            return
        if other.name != entry.name:
            problem = f"is {other.name!r} where case does not count"
            raise CollidingEntryError(self._archive, problem, entry=of.name, hint="Rename one of the two.")
        if other.is_folder != entry.is_folder:
            problem = f"needs {entry.name!r} to be a file and a folder at once"
            raise CollidingEntryError(self._archive, problem, entry=of.name, hint="Rename one of the two.")
        problem = "is there twice, and only one of the two can be meant"
        raise DuplicateEntryError(self._archive, problem, entry=of.name, hint="Pack it again, into a new file.")


@contextmanager
def damage(archive: str, entry: str = "", *, shown_as: tuple[type[Exception], ...]) -> Iterator[None]:
    """A context in which what a library raises about an archive becomes our error.

    Args:
        archive: how the archive is called in errors.
        entry: that is read, if it is one.
        shown_as: what the library raises.
    """
    try:
        yield
    except ArchiveError:
        raise
    except shown_as as error:
        problem = f"cannot be read to its end: {error}"
        raise DamagedArchiveError(archive, problem, entry=entry, hint="Make or copy the archive again.") from error


def wrong_name(name: str) -> str:
    """Why a name is not one that means one file in the archive, wherever it is read; empty if it is.

    >>> wrong_name("../evil.py")
    "leads out of the archive by '..'"
    >>> wrong_name("src/app.py")
    ''
    """
    if not name.isprintable():
        return "has characters in its name that cannot be seen"
    if "\\" in name:
        return "has a backslash in its name, a folder on one system and a character on another"
    if name.startswith("/"):
        return "has an absolute name"
    if _DRIVE.match(name):
        return "names a drive"
    return _wrong_part(name)


def _wrong_part(name: str) -> str:
    parts = name.split("/")
    if ".." in parts:
        return "leads out of the archive by '..'"
    if "" in parts or "." in parts:
        return "has an empty part or a '.' in its name"
    if len(name.encode()) > _NAME_BYTES or any(len(part.encode()) > _PART_BYTES for part in parts):
        return f"has a name of more than {_NAME_BYTES:,} bytes, or a part of it has more than {_PART_BYTES}"
    return ""


def _without_case(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
