"""Wheels of one module, and wheelhouses of them, as runs are given them."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.wheel_files import MOMENT, write_wheel

PURE: Final = "py3-none-any"
NATIVE: Final = "cp311-cp311-manylinux2014_x86_64"


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    files: Mapping[str, str] | None = None,
    requires: Sequence[str] = (),
    tag: str = PURE,
) -> Path:
    """A wheel of a distribution with these files; by default one module of its name that says its version."""
    content = {f"{name}.py": f"VERSION = {version!r}\n"} if files is None else files
    return write_wheel(folder, name, version, files=content, requires=requires, tag=tag)


def write_zip(file: Path, content: Mapping[str, str | bytes]) -> Path:
    """A zip whose bytes depend on its content alone."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), text)
    return file


def make_wheelhouse(file: Path, *wheels: Path) -> Path:
    """A zip with wheels at its root."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_zip(file, {wheel.name: wheel.read_bytes() for wheel in wheels})
