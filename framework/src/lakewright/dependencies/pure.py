"""Pure-Python wheels as one zip that Python imports from: what Spark sends to executors."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import IO, Final, NamedTuple

from lakewright.dependencies.zips import BROKEN
from lakewright.errors.dependencies import NoWheelsError, ShippingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o644 << 16
_FOLDER: Final = 0o40755 << 16
_PURE_ABI: Final = "none"
_ANY_PLATFORM: Final = "any"
# `<name>.data/<scheme>/…` is installed elsewhere; of the schemes only these hold modules.
_DATA: Final = ".data"
_MODULES: Final = ("purelib", "platlib")


class Sorted(NamedTuple):
    """Wheels by what they hold: Python alone, or compiled code."""

    pure: tuple[Path, ...]
    native: tuple[Path, ...]


def sort_wheels(wheels: Iterable[Path]) -> Sorted:
    """Tell pure wheels, which are for any platform, from those with compiled code.

    >>> from pathlib import Path
    >>> found = sort_wheels([Path("a-1-py3-none-any.whl"), Path("b-1-cp312-cp312-manylinux_2_28_x86_64.whl")])
    >>> [wheel.name for wheel in found.native]
    ['b-1-cp312-cp312-manylinux_2_28_x86_64.whl']
    """
    found = tuple(wheels)
    pure = tuple(wheel for wheel in found if _is_pure(wheel.stem))
    return Sorted(pure, tuple(wheel for wheel in found if wheel not in pure))


def _is_pure(stem: str) -> bool:
    return stem.split("-")[-2:] == [_PURE_ABI, _ANY_PLATFORM]


def merge(wheels: Iterable[Path], made: Path) -> None:
    """Write the modules of pure wheels as one zip; equal wheels give equal bytes.

    Python imports packages without an `__init__` from a zip only where it lists folders, so it does.

    Args:
        wheels: pure ones.
        made: the file, which is not there yet.

    Raises:
        NoWheelsError: one of them is damaged.
        ShippingError: two of them hold one file with different content.
    """
    with ExitStack() as stack:
        members = _members(_opened(wheel, stack) for wheel in wheels)
        folders = {f"{parent}/" for place in members for parent in PurePosixPath(place).parents if parent.name}
        with zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted({*members, *folders}):
                size = members[name].entry.file_size if name in members else 0
                with archive.open(_info(name, size), "w") as target:
                    if name in members:
                        members[name].copy(target)


def _opened(wheel: Path, stack: ExitStack) -> zipfile.ZipFile:
    try:
        return stack.enter_context(zipfile.ZipFile(wheel))
    except (OSError, zipfile.BadZipFile) as error:
        raise NoWheelsError(str(wheel), f"it cannot be read: {error}") from error


def _members(wheels: Iterable[zipfile.ZipFile]) -> dict[str, _Member]:
    """The files of some wheels by where they stand once installed."""
    members: dict[str, _Member] = {}
    for wheel in wheels:
        for entry in wheel.infolist():
            place = "" if entry.is_dir() else _place(entry.filename)
            member = _Member(wheel, entry)
            known = members.setdefault(place, member) if place else member
            if known.content != member.content:
                message = f"{known.wheel_name} and {member.wheel_name} both hold {place}, with different content"
                raise ShippingError(message, hint="Leave one of the two out, or rename the module.")
    return members


def _info(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _MOMENT)
    # Files beyond 2 GiB are written another way, which has to be known before.
    info.file_size = size
    info.external_attr = _FOLDER if info.is_dir() else _FILE
    info.compress_type = zipfile.ZIP_STORED if info.is_dir() else zipfile.ZIP_DEFLATED
    return info


class _Member(NamedTuple):
    """A file of a wheel."""

    wheel: zipfile.ZipFile
    entry: zipfile.ZipInfo

    @property
    def content(self) -> tuple[int, int]:
        """What tells one content from another."""
        return self.entry.CRC, self.entry.file_size

    @property
    def wheel_name(self) -> str:
        """The name of its wheel's file."""
        return PurePosixPath(self.wheel.filename or "").name

    def copy(self, target: IO[bytes]) -> None:
        """Write its content."""
        try:
            with self.wheel.open(self.entry) as source:
                shutil.copyfileobj(source, target)
        except BROKEN as error:
            raise NoWheelsError(self.wheel_name, f"it cannot be read: {error}") from error


def _place(name: str) -> str:
    """Where a file of a wheel stands once installed; empty for what is no module, such as a script."""
    first, _, rest = name.partition("/")
    if not first.endswith(_DATA):
        return name
    scheme, _, place = rest.partition("/")
    return place if scheme in _MODULES else ""
