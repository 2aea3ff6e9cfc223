"""Archives that break a rule each: how to make one, which error it is, and what the error says."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.errors import archives

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class Hostile(NamedTuple):
    """A bad archive.

    Attributes:
        make: writes it to a path.
        error: its class.
        says: a part of the message.
    """

    make: Callable[[Path], None]
    error: type[archives.ArchiveError]
    says: str


def zipped(files: Mapping[str, bytes], **attributes: int) -> Callable[[Path], None]:
    """Writes a zip of these files, in order, with attributes set on each."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                for attribute, value in attributes.items():
                    setattr(info, attribute, value)
                archive.writestr(info, content)

    return make


def tarred(*entries: tuple[str, bytes, bytes], mode: str = "w") -> Callable[[Path], None]:
    """Writes a tar of entries of a name, a type and a content."""

    def make(path: Path) -> None:
        with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # any mode
            for name, kind, content in entries:
                info = tarfile.TarInfo(name)
                info.type, info.size, info.linkname = kind, len(content), "elsewhere"
                archive.addfile(info, io.BytesIO(content))

    return make


def patched(make: Callable[[Path], None], old: bytes, new: bytes) -> Callable[[Path], None]:
    """Writes the archive, then puts other bytes of the same length wherever some stand."""

    def patch(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new))

    return patch


def written(content: bytes) -> Callable[[Path], None]:
    """Writes these bytes."""

    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def cut(make: Callable[[Path], None], keep: float) -> Callable[[Path], None]:
    """Writes a part of the archive."""

    def write(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])

    return write


def folder(**links: str) -> Callable[[Path], None]:
    """Makes a folder with a file and symbolic links."""

    def make(path: Path) -> None:
        path.mkdir()
        (path / "a.py").write_text("x = 1\n", encoding="utf-8")
        for name, target in links.items():
            (path / name).symlink_to(target)

    return make


def piped(path: Path) -> None:
    """Makes a folder with a named pipe."""
    path.mkdir()
    os.mkfifo(path / "pipe")


def wrong_checksum(path: Path) -> None:
    """A zip whose stored content was changed."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.py", "answer = 42\n")
    path.write_bytes(path.read_bytes().replace(b"answer = 42", b"answer = 43"))


def doubled(path: Path) -> None:
    """A zip with one name twice."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.py", "x = 1\n")
        archive.writestr("b.py", "x = 2\n")
    path.write_bytes(path.read_bytes().replace(b"b.py", b"a.py"))


def encrypted(path: Path) -> None:
    """A zip whose entries say that they need a password."""
    zipped({"secret.py": b"x = 1\n"})(path)
    content = bytearray(path.read_bytes())
    content[6] |= 1  # The flag of the first local header.
    content[content.index(b"PK\x01\x02") + 8] |= 1  # And the one in the directory.
    path.write_bytes(content)


def odd_method(path: Path) -> None:
    """A zip that is compressed by LZMA."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.py", "x = 1\n")


def long_header(path: Path) -> None:
    """A tar whose first header announces ten gigabytes of attributes."""
    info = tarfile.TarInfo("attributes")
    info.type, info.size = tarfile.XHDTYPE, 10 * 2**30
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))


def many_headers(path: Path) -> None:
    """A tar with attributes of attributes of attributes."""
    info = tarfile.TarInfo("attributes")
    info.type = tarfile.XHDTYPE
    path.write_bytes(info.tobuf() * 10_000 + bytes(10_240))


def negative_size(path: Path) -> None:
    """A tar whose second entry leads back to the first."""
    ahead, back = tarfile.TarInfo("a.py"), tarfile.TarInfo("b.py")
    header = bytearray(back.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" + struct.pack(">q", -2048).rjust(11, b"\xff")
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    path.write_bytes(ahead.tobuf() + bytes(header) + bytes(10_240))


def wrong_gzip(path: Path) -> None:
    """A tar.gz with a wrong checksum at its end."""
    tarred(("a.py", tarfile.REGTYPE, b"x = 1\n"), mode="w:gz")(path)
    content = bytearray(path.read_bytes())
    content[-8] ^= 0xFF
    path.write_bytes(content)


def gzip_bomb(path: Path) -> None:
    """A tar.gz of one entry that unpacks to 3 GiB, told by its header; its content is not even there."""
    info = tarfile.TarInfo("zeros.bin")
    info.size = 3 * 2**30
    path.write_bytes(gzip.compress(info.tobuf() + bytes(10_240)))


def padding_bomb(path: Path) -> None:
    """A tar.gz with very many zeros behind its end."""
    info = tarfile.TarInfo("a.py")
    path.write_bytes(gzip.compress(info.tobuf() + bytes(20 * 2**20)))


def damaged_header(path: Path) -> None:
    """A tar whose second entry cannot be read, which `tarfile` takes for the end."""
    tarred(("a.py", tarfile.REGTYPE, b"x"), ("b.py", tarfile.REGTYPE, b"y"))(path)
    content = bytearray(path.read_bytes())
    content[1024 + 150] ^= 0x01
    path.write_bytes(content)


def followed(path: Path) -> None:
    """A tar behind whose end another one begins."""
    tarred(("a.py", tarfile.REGTYPE, b"x"))(path)
    path.write_bytes(path.read_bytes() * 2)


def _mode(kind: int) -> int:
    return (kind | 0o644) << 16


_PLAIN: Final = {"a.py": b"x = 1\n"}
_FILE: Final = ("a.py", tarfile.REGTYPE, b"x = 1\n")

HOSTILE: Final[Mapping[str, Hostile]] = {
    "no-archive": Hostile(
        written(b"Hello, this is plain text.\n"), archives.NotAnArchiveError, "no zip, no tar and no folder"
    ),
    "nothing": Hostile(written(b""), archives.NotAnArchiveError, "is empty"),
    "cut-zip": Hostile(cut(zipped(_PLAIN), 0.7), archives.DamagedArchiveError, "cannot be read to its end"),
    "cut-tar": Hostile(cut(tarred(_FILE), 0.05), archives.DamagedArchiveError, "cannot be read to its end"),
    "cut-tar-gz": Hostile(cut(tarred(_FILE, mode="w:gz"), 0.8), archives.DamagedArchiveError, "ended before the end"),
    "wrong-checksum": Hostile(
        wrong_checksum, archives.DamagedArchiveError, "entry 'a.py' cannot be read to its end: Bad CRC"
    ),
    "wrong-gzip-checksum": Hostile(wrong_gzip, archives.DamagedArchiveError, "CRC check failed"),
    "damaged-tar-header": Hostile(damaged_header, archives.DamagedArchiveError, "the mark of the end is missing"),
    "tar-behind-a-tar": Hostile(followed, archives.DamagedArchiveError, "something follows after the mark of the end"),
    "padding-bomb": Hostile(padding_bomb, archives.DamagedArchiveError, "bytes of nothing follow after the mark"),
    "encrypted": Hostile(encrypted, archives.EncryptedEntryError, "entry 'secret.py' is encrypted"),
    "method": Hostile(odd_method, archives.UnsupportedEntryError, "entry 'a.py' is compressed by method 14"),
    "empty-zip": Hostile(zipped({}), archives.EmptyArchiveError, "holds no file"),
    "empty-tar": Hostile(tarred(), archives.EmptyArchiveError, "holds no file"),
    "only-folders": Hostile(zipped({"a/": b"", "a/b/": b""}), archives.EmptyArchiveError, "holds no file"),
    "parent": Hostile(zipped({"../evil.py": b""}), archives.UnsafeNameError, "entry '../evil.py' leads out"),
    "parent-inside": Hostile(zipped({"a/../b.py": b""}), archives.UnsafeNameError, "entry 'a/../b.py' leads out"),
    "parent-in-tar": Hostile(tarred(("../evil.py", tarfile.REGTYPE, b"")), archives.UnsafeNameError, "leads out"),
    "absolute": Hostile(
        zipped({"/etc/evil.py": b""}), archives.UnsafeNameError, "entry '/etc/evil.py' has an absolute"
    ),
    "absolute-in-tar": Hostile(tarred(("/evil.py", tarfile.REGTYPE, b"")), archives.UnsafeNameError, "absolute"),
    "drive": Hostile(zipped({"C:evil.py": b""}), archives.UnsafeNameError, "entry 'C:evil.py' names a drive"),
    "backslash": Hostile(zipped({"a\\evil.py": b""}), archives.UnsafeNameError, "has a backslash"),
    "nul": Hostile(
        patched(zipped({"a.py#.txt": b""}), b"a.py#", b"a.py\0"),
        archives.UnsafeNameError,
        r"'a.py\x00.txt' has characters",
    ),
    "escape": Hostile(zipped({"a\x1b[2J.py": b""}), archives.UnsafeNameError, r"'a\x1b[2J.py' has characters"),
    "no-utf-8": Hostile(
        tarred(("caf\udce9.py", tarfile.REGTYPE, b"")), archives.UnsafeNameError, r"'caf\udce9.py' has characters"
    ),
    "dot": Hostile(zipped({"a/./b.py": b""}), archives.UnsafeNameError, "entry 'a/./b.py' has an empty part"),
    "empty-part": Hostile(zipped({"a//b.py": b""}), archives.UnsafeNameError, "entry 'a//b.py' has an empty part"),
    "long-name": Hostile(zipped({"a" * 256: b""}), archives.UnsafeNameError, "a part of it has more than 255"),
    "link": Hostile(
        zipped({"a.py": b"/etc/passwd"}, external_attr=_mode(stat.S_IFLNK)),
        archives.LinkedEntryError,
        "entry 'a.py' is a link",
    ),
    "link-in-tar": Hostile(tarred(("a.py", tarfile.SYMTYPE, b"")), archives.LinkedEntryError, "entry 'a.py' is a link"),
    "hard-link-in-tar": Hostile(
        tarred(("a.py", tarfile.LNKTYPE, b"")), archives.LinkedEntryError, "entry 'a.py' is a link"
    ),
    "link-in-folder": Hostile(folder(b="/etc"), archives.LinkedEntryError, "entry 'b' is a link"),
    "device": Hostile(
        zipped({"a": b""}, external_attr=_mode(stat.S_IFCHR)),
        archives.SpecialEntryError,
        "entry 'a' is no file and no folder",
    ),
    "device-in-tar": Hostile(
        tarred(("a", tarfile.BLKTYPE, b"")), archives.SpecialEntryError, "entry 'a' is no file and no folder"
    ),
    "pipe-in-folder": Hostile(piped, archives.SpecialEntryError, "entry 'pipe' is no file and no folder"),
    "folder-by-mode": Hostile(
        zipped({"a": b""}, external_attr=_mode(stat.S_IFDIR)), archives.SpecialEntryError, "entry 'a' is no file"
    ),
    "folder-with-content": Hostile(
        zipped({"a/": b"x"}), archives.SpecialEntryError, "entry 'a' is a folder that has content"
    ),
    "sparse": Hostile(
        tarred(("a", tarfile.GNUTYPE_SPARSE, b"")), archives.UnsupportedEntryError, "entry 'a' is stored with holes"
    ),
    "twice": Hostile(doubled, archives.DuplicateEntryError, "entry 'a.py' is there twice"),
    "twice-in-tar": Hostile(tarred(_FILE, _FILE), archives.DuplicateEntryError, "entry 'a.py' is there twice"),
    "case": Hostile(
        zipped({"a.py": b"", "A.py": b""}), archives.CollidingEntryError, "entry 'A.py' is 'a.py' where case"
    ),
    "case-of-a-folder": Hostile(
        zipped({"a/b.py": b"", "A/c.py": b""}), archives.CollidingEntryError, "entry 'A/c.py' is 'a' where"
    ),
    "composed": Hostile(
        zipped({"\u00e9.py": b"", "e\u0301.py": b""}), archives.CollidingEntryError, "where case does not count"
    ),
    "file-and-folder": Hostile(
        zipped({"a": b"", "a/b.py": b""}), archives.CollidingEntryError, "needs 'a' to be a file and a folder"
    ),
    "bomb": Hostile(
        zipped({"zeros.bin": bytes(20 * 2**20)}), archives.CompressionRatioError, "entry 'zeros.bin' unpacks from"
    ),
    "gzip-bomb": Hostile(gzip_bomb, archives.TooLargeError, "entry 'zeros.bin' unpacks to 3,221,225,472 bytes"),
    "long-tar-header": Hostile(long_header, archives.TooLargeError, "65,536 bytes of headers"),
    "many-tar-headers": Hostile(many_headers, archives.TooLargeError, "65,536 bytes of headers"),
    "tar-that-leads-back": Hostile(negative_size, archives.DamagedArchiveError, "cannot be read to its end"),
    "too-deep": Hostile(
        zipped({"d/" * 33 + "a.py": b""}), archives.TooManyEntriesError, "lies more than 32 folders deep"
    ),
    "too-many": Hostile(
        zipped({f"{number}.py": b"" for number in range(10_001)}),
        archives.TooManyEntriesError,
        "more than 10,000 entries",
    ),
}
