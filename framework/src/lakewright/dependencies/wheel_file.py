"""Writing a wheel so that equal content is equal bytes, whoever writes it, where and when."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from base64 import urlsafe_b64encode
from csv import writer
from typing import IO, TYPE_CHECKING, Final, NamedTuple, TypeAlias

from lakewright.dependencies.hashing import sha256_of_stream

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

# The first moment that a zip can tell.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_FILE: Final = 0o100644
_PROGRAM: Final = 0o100755
_CHUNK: Final = 2**20
_DIGITS: Final = 12


class Packed(NamedTuple):
    """A file in a zip that is open: it is read where it is, piece by piece."""

    archive: zipfile.ZipFile
    name: str


Content: TypeAlias = "bytes | Path | Packed"


def content_version(contents: Mapping[str, Content]) -> str:
    """The content of files as the local part of a version.

    It begins with a letter, because PEP 440 reads a number without its leading zeros.

    >>> content_version({"a.py": b"x = 1"})
    'c304a66748dee'
    """
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{_sha256(contents[name]).hexdigest()}\n".encode())
    return f"c{digest.hexdigest()[:_DIGITS]}"


def write_wheel(out: Path, contents: Mapping[str, Content], *, name: str, version: str, summary: str) -> Path:
    """A pure wheel of files, in a folder.

    Args:
        out: the folder.
        contents: of the wheel, by their names in it.
        name: of the distribution, as it stands in the file's name: with `_` in place of `-`.
        version: of it.
        summary: a sentence on what is in it.
    """
    info = f"{name}-{version}.dist-info"
    about = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: lakewright\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    made = out / f"{name}-{version}-py3-none-any.whl"
    write_entries(made, {**contents, **about}, info=info)
    return made


def write_entries(made: Path, contents: Mapping[str, Content], *, info: str, programs: Collection[str] = ()) -> None:
    """Write a wheel: the files by name, its metadata last, as PEP 427 asks, and the record of all of them.

    Nothing is compressed: the bytes that zlib makes differ between its versions.

    Args:
        made: the file, which is not there yet.
        contents: all but the record.
        info: the folder of metadata.
        programs: names of files that can be executed.
    """
    names = sorted(contents, key=lambda name: (name.startswith(f"{info}/"), name))
    with zipfile.ZipFile(made, "x", zipfile.ZIP_STORED) as archive:
        for name in names:
            add_entry(archive, name, contents[name], is_program=name in programs)
        add_entry(archive, f"{info}/RECORD", _record(names, contents, f"{info}/RECORD"))


def add_entry(archive: zipfile.ZipFile, name: str, content: Content, *, is_program: bool = False) -> None:
    """Write an entry as it is, with a fixed time and mode; a file piece by piece."""
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system = _UNIX
    entry.external_attr = (_PROGRAM if is_program else _FILE) << 16
    entry.file_size = _size(content)
    with _opened(content) as source, archive.open(entry, "w") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _record(names: Iterable[str], contents: Mapping[str, Content], own: str) -> bytes:
    text = io.StringIO()
    rows = writer(text, lineterminator="\n")
    for name in names:
        digest = urlsafe_b64encode(_sha256(contents[name]).digest()).rstrip(b"=").decode()
        rows.writerow((name, f"sha256={digest}", _size(contents[name])))
    rows.writerow((own, "", ""))
    return text.getvalue().encode()


def _opened(content: Content) -> IO[bytes]:
    if isinstance(content, Packed):
        return content.archive.open(content.name)
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _size(content: Content) -> int:
    if isinstance(content, Packed):
        return content.archive.getinfo(content.name).file_size
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _sha256(content: Content) -> hashlib._Hash:
    with _opened(content) as source:
        return sha256_of_stream(source)
