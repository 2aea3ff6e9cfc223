"""What a wheel says of itself, checked: name, version, tags, the Python it needs."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from email.parser import HeaderParser
from io import TextIOWrapper
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import parse_tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from lakewright.dependencies.platforms import tag_order
from lakewright.dependencies.zips import BROKEN
from lakewright.errors.dependencies import RequiresPythonError
from lakewright.errors.wheels import WheelError, WheelTargetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

    from packaging.tags import Tag
    from packaging.utils import NormalizedName

    from lakewright.dependencies.platforms import WheelTarget

_CHUNK: Final = 1 << 20
# A long description is a part of them.
_HEADERS_BYTES: Final = 4 << 20
# NAME_MAX of Linux.
_TAG_LENGTH: Final = 255
_MODULE_SUFFIXES: Final = (".py", ".pyc", ".so", ".pyd")
# PEP 427: what lies there is installed beside the other modules.
_LIBRARIES: Final = ("purelib", "platlib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel, by its own words.

    Attributes:
        name: as indexes spell it.
        tags: which Pythons and machines it is for.
        modules: the top-level names that it brings.
        requires: what it depends on, as its metadata says it.
    """

    path: Path
    name: str
    version: str
    tags: frozenset[Tag]
    modules: tuple[str, ...]
    requires_python: str = ""
    requires: tuple[str, ...] = ()
    licence: str = ""

    @property
    def filename(self) -> str:
        """Its name on disk."""
        return self.path.name

    @property
    def is_pure(self) -> bool:
        """Whether it is for every machine."""
        return all(tag.platform == "any" for tag in self.tags)


def read_wheel(path: Path) -> Wheel:
    """A wheel whose name, metadata and layout agree.

    Raises:
        WheelError: they do not, or it is damaged.
    """
    name, version, tags = parsed_name(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.namelist()
            folder = _info_folder(path.name, entries)
            metadata, about = (_headers(archive, f"{folder}/{name}") for name in ("METADATA", "WHEEL"))
    except (*BROKEN, KeyError) as error:
        raise WheelError(path.name, f"it cannot be read: {error}") from error
    _check_names(path.name, name, version, metadata=metadata, folder=folder)
    _check_tags(path.name, tags, about)
    return Wheel(
        path=path,
        name=name,
        version=str(version),
        tags=tags,
        modules=tuple(sorted(set(_modules(entries)))),
        requires_python=str(metadata.get("Requires-Python", "")),
        requires=tuple(metadata.get_all("Requires-Dist", ())),
        licence=str(metadata.get("License-Expression", "")),
    )


def parsed_name(filename: str) -> tuple[NormalizedName, Version, frozenset[Tag]]:
    """The package, the version and the tags that the name of a wheel says.

    Raises:
        WheelError: it is no such name.

    >>> parsed_name("Rows_of-1.0-py3-none-any.whl")[0]
    'rows-of'
    """
    try:
        name, version, _, tags = parse_wheel_filename(filename)
    except (InvalidWheelFilename, InvalidVersion) as error:
        raise WheelError(filename, f"this is no name of a wheel: {error}") from error
    return name, version, tags


def check_target(wheel: Wheel, target: WheelTarget) -> None:
    """Nothing, if the target can install the wheel.

    Raises:
        WheelTargetError: it is for other Pythons or machines.
        RequiresPythonError: its metadata excludes the target's Python.
    """
    if not wheel.tags & tag_order(target).keys():
        raise WheelTargetError(wheel.filename, tags=sorted(map(str, wheel.tags)), target=str(target))
    if wheel.requires_python and not _takes(wheel, target.python):
        raise RequiresPythonError(f"{wheel.name}=={wheel.version}", wanted=wheel.requires_python, target=target.python)


def check_contents(wheel: Wheel) -> None:
    """Nothing, if every file of the wheel is as its record says.

    A record without hashes is taken, as pip takes it.

    Raises:
        WheelError: a file is damaged, missing, or lies outside of the wheel.
    """
    try:
        with zipfile.ZipFile(wheel.path) as archive:
            recorded = dict(_recorded(archive, _info_folder(wheel.filename, archive.namelist())))
            for entry in archive.infolist():
                if PurePosixPath(entry.filename).is_absolute() or ".." in PurePosixPath(entry.filename).parts:
                    raise WheelError(wheel.filename, f"the entry {entry.filename!r} leads out of the wheel")
                _check_entry(wheel.filename, archive, entry, expected=recorded.pop(entry.filename, ""))
    except (*BROKEN, KeyError, csv.Error) as error:
        raise WheelError(wheel.filename, f"it cannot be read: {error}") from error
    if recorded:
        raise WheelError(wheel.filename, f"its record names files that it lacks: {', '.join(sorted(recorded)[:5])}")


def needs_of(wheel: Wheel) -> Iterator[str]:
    """Names of what a wheel may depend on; whether a marker holds is seen by what is there."""
    for line in wheel.requires:
        # Old wheels may hold lines that are none.
        with suppress(InvalidRequirement):
            yield canonicalize_name(Requirement(line).name)


def takes_python(requires_python: str, python: str) -> bool:
    """Whether a package that says which Pythons it needs takes one of a minor version.

    The patch release is not known: what any release of this minor one satisfies is taken.

    Raises:
        InvalidSpecifier: it says nothing that can be understood.

    >>> takes_python(">=3.10.4,<3.13", "3.10")
    True
    """
    allowed = SpecifierSet(requires_python)
    return any(allowed.contains(f"{python}.{patch}", prereleases=True) for patch in (0, 99))


def _info_folder(filename: str, entries: list[str]) -> str:
    found = sorted({top for entry in entries if (top := entry.partition("/")[0]).endswith(".dist-info")})
    if len(found) != 1:
        said = f"it has {len(found)} folders of metadata" if found else "it has no folder of metadata (*.dist-info)"
        raise WheelError(filename, said)
    return found[0]


def _headers(archive: zipfile.ZipFile, name: str) -> Message:
    with archive.open(name) as content:
        text = content.read(_HEADERS_BYTES + 1)
    if len(text) > _HEADERS_BYTES:
        raise zipfile.BadZipFile(f"{name} has more than {_HEADERS_BYTES:,} bytes")
    return HeaderParser().parsestr(text.decode("utf-8", "replace"))


def _check_names(filename: str, name: str, version: Version, *, metadata: Message, folder: str) -> None:
    """The name in the file's name, in the metadata and of the metadata's folder is one, and the version too."""
    said = (str(metadata.get("Name", "")), str(metadata.get("Version", "")))
    project, _, release = folder.removesuffix(".dist-info").rpartition("-")
    for where, (other, number) in (("metadata", said), ("folder of metadata", (project, release))):
        if canonicalize_name(other) != name or _version(number) != version:
            raise WheelError(filename, f"its {where} says {other or 'no name'} {number or 'no version'}")


def _check_tags(filename: str, tags: frozenset[Tag], about: Message) -> None:
    lines = [str(line) for line in about.get_all("Tag", ())]
    try:
        # A line may stand for the product of its parts; none that belongs to a file name is longer than that.
        said = frozenset(tag for line in lines for tag in parse_tag(line[:_TAG_LENGTH]))
    except ValueError as error:
        raise WheelError(filename, f"its tags cannot be read: {error}") from error
    if said and not said & tags:
        raise WheelError(filename, f"it is made for {', '.join(sorted(map(str, said)))}, its name says otherwise")


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _takes(wheel: Wheel, python: str) -> bool:
    try:
        return takes_python(wheel.requires_python, python)
    except InvalidSpecifier as error:
        raise WheelError(wheel.filename, f"its Requires-Python is no version: {wheel.requires_python}") from error


def _modules(entries: list[str]) -> Iterator[str]:
    """The top-level names that can be imported once the wheel is installed."""
    for entry in entries:
        parts = PurePosixPath(entry).parts
        if parts and parts[0].endswith(".data"):
            parts = parts[2:] if len(parts) > 1 and parts[1] in _LIBRARIES else ()
        if not parts or parts[0].endswith(".dist-info") or not parts[-1].endswith(_MODULE_SUFFIXES):
            continue
        name = parts[0].partition(".")[0]
        if name.isidentifier():
            yield name


def _recorded(archive: zipfile.ZipFile, folder: str) -> Iterator[tuple[str, str]]:
    """What the wheel's record says of each file: its hash, or nothing."""
    with archive.open(f"{folder}/RECORD") as raw, TextIOWrapper(raw, encoding="utf-8", errors="replace") as lines:
        for row in csv.reader(lines):
            if row:
                yield row[0], row[1] if len(row) > 1 else ""


def _check_entry(filename: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, expected: str) -> None:
    algorithm, _, digest = expected.partition("=")
    known = algorithm in hashlib.algorithms_guaranteed and "shake" not in algorithm
    found = hashlib.new(algorithm) if known else None
    # Reading checks the checksum of the archive itself.
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            if found:
                found.update(chunk)
    if found and urlsafe_b64encode(found.digest()).decode().rstrip("=") != digest.rstrip("="):
        raise WheelError(filename, f"the file {entry.filename!r} is not what its record says")
