"""Wheels and wheelhouses that tests make, byte by byte."""

import base64
import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

MOMENT: Final = (1980, 1, 1, 0, 0, 0)
PURE: Final = "py3-none-any"
NATIVE: Final = "cp311-cp311-manylinux2014_x86_64"


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    files: Mapping[str, str | bytes] | None = None,
    requires: Iterable[str] = (),
    tag: str = PURE,
    python: str = "",
) -> Path:
    """A wheel of a distribution with these files; by default one module of its name that says its version."""
    wheel = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    metadata = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in requires)]
    metadata += [f"Requires-Python: {python}"] if python else []
    content: dict[str, str | bytes] = {
        **({f"{name}.py": f"VERSION = {version!r}\n"} if files is None else files),
        f"{info}/METADATA": "\n".join(["Metadata-Version: 2.1", *metadata, ""]),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: {str(tag == PURE).lower()}\nTag: {tag}\n",
    }
    record = [_recorded(path, text) for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(wheel, content)
    return wheel


def _recorded(path: str, content: str | bytes) -> str:
    raw = _raw(content)
    digest = base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(raw)}"


def _raw(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def write_zip(file: Path, content: Mapping[str, str | bytes]) -> Path:
    """A zip whose bytes depend on its content alone."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), _raw(text))
    return file


def make_wheelhouse(file: Path, *wheels: Path) -> Path:
    """A zip with wheels at its root."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_zip(file, {wheel.name: wheel.read_bytes() for wheel in wheels})
