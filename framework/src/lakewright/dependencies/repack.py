"""A wheel written anew, so that equal content is equal bytes, wherever it was built."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from lakewright.dependencies.wheel_file import Content, Packed, content_version, write_entries

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.wheel import Wheel


def repack(wheel: Wheel, out: Path, *, local: bool) -> Path:
    """The wheel in a folder: entries in order, times fixed, nothing compressed.

    Compression is left out because its bytes differ between versions of zlib.

    Args:
        wheel: of a project's own.
        out: the folder.
        local: give it a version that tells its content.
    """
    with zipfile.ZipFile(wheel.path) as archive:
        programs = {entry.filename for entry in archive.infolist() if entry.external_attr >> 16 & 0o111}
        names = {name for name in archive.namelist() if not name.endswith("/")}
        old = next(top for name in names if (top := name.partition("/")[0]).endswith(".dist-info"))
        files: dict[str, Content] = {name: Packed(archive, name) for name in names - {f"{old}/RECORD"}}
        # The version of the tool that built it makes no other wheel of it.
        files[f"{old}/WHEEL"] = _header(archive.read(f"{old}/WHEEL"), "Generator", "lakewright")
        version = f"{wheel.version.partition('+')[0]}+{content_version(files)}" if local else wheel.version
        if local:
            files[f"{old}/METADATA"] = _header(archive.read(f"{old}/METADATA"), "Version", version)
        distribution = canonicalize_name(wheel.name).replace("-", "_")
        new = f"{distribution}-{version}.dist-info"
        made = out / f"{distribution}-{version}-{'-'.join(wheel.filename.removesuffix('.whl').split('-')[-3:])}.whl"
        made.unlink(missing_ok=True)
        renamed = {_moved(name, old, new): content for name, content in files.items()}
        write_entries(made, renamed, info=new, programs={_moved(name, old, new) for name in programs})
    return made


def _moved(name: str, old: str, new: str) -> str:
    return f"{new}{name.removeprefix(old)}" if name.startswith(f"{old}/") else name


def _header(metadata: bytes, name: str, value: str) -> bytes:
    """Metadata with another value of a header; the text below the headers is left alone."""
    headers, blank, text = metadata.partition(b"\n\n")
    begins = f"{name}:".lower().encode()
    lines = [f"{name}: {value}".encode() if line.lower().startswith(begins) else line for line in headers.split(b"\n")]
    return b"\n".join(lines) + blank + text
