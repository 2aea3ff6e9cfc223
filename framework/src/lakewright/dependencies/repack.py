"""A wheel written anew, so that equal content is equal bytes, wherever it was built."""

from __future__ import annotations

import hashlib
import zipfile
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakewright.dependencies.wheel import Wheel

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644
_PROGRAM: Final = 0o100755
_DIGITS: Final = 12


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
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    old = next(name.partition("/")[0] for name in files if name.partition("/")[0].endswith(".dist-info"))
    files.pop(f"{old}/RECORD", None)
    # The version of the tool that built it makes no other wheel of it.
    files[f"{old}/WHEEL"] = _header(files[f"{old}/WHEEL"], "Generator", "lakewright")
    version = f"{wheel.version.partition('+')[0]}+{_content(files)}" if local else wheel.version
    distribution = canonicalize_name(wheel.name).replace("-", "_")
    new = f"{distribution}-{version}.dist-info"
    renamed = {_moved(name, old, new): content for name, content in files.items()}
    if local:
        renamed[f"{new}/METADATA"] = _header(renamed[f"{new}/METADATA"], "Version", version)
    made = out / f"{distribution}-{version}-{'-'.join(wheel.filename.removesuffix('.whl').split('-')[-3:])}.whl"
    executable = {_moved(name, old, new) for name in programs}
    _write(made, renamed, record=f"{new}/RECORD", programs=executable)
    return made


def _content(files: Mapping[str, bytes]) -> str:
    """What is in a wheel, in a few characters; a letter first, because a number would lose its zeros (PEP 440)."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n".encode())
    return f"c{digest.hexdigest()[:_DIGITS]}"


def _moved(name: str, old: str, new: str) -> str:
    return f"{new}{name.removeprefix(old)}" if name.startswith(f"{old}/") else name


def _header(metadata: bytes, name: str, value: str) -> bytes:
    """Metadata with another value of a header; the text below the headers is left alone."""
    headers, blank, text = metadata.partition(b"\n\n")
    begins = f"{name}:".lower().encode()
    lines = [f"{name}: {value}".encode() if line.lower().startswith(begins) else line for line in headers.split(b"\n")]
    return b"\n".join(lines) + blank + text


def _write(made: Path, files: Mapping[str, bytes], *, record: str, programs: set[str]) -> None:
    rows = [f"{_cell(name)},sha256={_hash(files[name])},{len(files[name])}" for name in sorted(files)]
    listing = "\n".join([*rows, f"{record},,", ""]).encode()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        # PEP 427 asks for the metadata to come last.
        for name in sorted(files, key=lambda name: (".dist-info/" in name, name)):
            _add(archive, name, files[name], is_program=name in programs)
        _add(archive, record, listing, is_program=False)


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, is_program: bool) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system = 3
    entry.external_attr = (_PROGRAM if is_program else _FILE) << 16
    archive.writestr(entry, content)


def _cell(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(sign in name for sign in ',"') else name


def _hash(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
