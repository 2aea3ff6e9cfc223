"""Wheels written by hand, whole or with one thing wrong, and an index on loopback that serves them."""

import hashlib
import io
import shutil
import tarfile
import threading
import zipfile
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_BLOCK: Final = 1 << 16


def write_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    tag: str = "py3-none-any",
    files: Mapping[str, str] | None = None,
    requires: Sequence[str] = (),
    requires_python: str = "",
    licence: str = "",
    said_name: str = "",
    said_version: str = "",
) -> Path:
    """A wheel; `said_…` is what its metadata says instead."""
    distribution = name.replace("-", "_")
    info = f"{distribution}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {said_name or name}", f"Version: {said_version or version}"]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    lines += [f"License-Expression: {licence}"] if licence else []
    lines += [f"Requires-Dist: {each}" for each in requires]
    content = {
        **({f"{distribution}/__init__.py": f"VERSION = '{version}'\n"} if files is None else files),
        f"{info}/METADATA": "\n".join([*lines, "", "A package.\n"]),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = [f"{path},sha256={_hash(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{distribution}-{version}-{tag}.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in content.items():
            archive.writestr(zipfile.ZipInfo(path, MOMENT), text)
    return made


def _hash(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def damage_deflated(zipped: Path, out: Path) -> Path:
    """The files of a zip, compressed, each with a block of a kind that deflate does not have."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(zipped) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    content = bytearray(out.read_bytes())
    with zipfile.ZipFile(out) as made:
        for entry in made.infolist():
            begin = entry.header_offset + 30 + len(entry.filename.encode())
            content[begin] |= 0b111
    out.write_bytes(content)
    return out


class Asked(NamedTuple):
    """A request that the index has had."""

    path: str
    authorization: str


@dataclass(kw_only=True)
class PackageIndex:
    """An index that serves the files of a folder by PEP 503, and can lie.

    Attributes:
        files: what it lists.
        lies: hashes that it tells of files, instead of the true ones; an empty one is left out.
        missing: files that it lists and does not have.
        yanked: files that were withdrawn.
        failures: how many times more it answers 503 when a file is asked for.
        endless: files behind whose last byte it goes on sending, without having said how much.
        sent: bytes of such files that somebody has taken.
        password: of the user `me`, where it wants one.
        tells_metadata: whether it gives the metadata of wheels apart, as PyPI does (PEP 658).
    """

    files: Path
    url: str = ""
    lies: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    yanked: set[str] = field(default_factory=set)
    requires_python: dict[str, str] = field(default_factory=dict)
    failures: int = 0
    endless: set[str] = field(default_factory=set)
    sent: int = 0
    password: str = ""
    tells_metadata: bool = False
    asked: list[Asked] = field(default_factory=list)

    def page(self, project: str) -> str:
        """The files of a project."""
        found = [path for path in sorted(self.files.iterdir()) if _project(path.name) == project]
        return "".join(
            f"<a href='/files/{path.name}{self._fragment(path)}'{self._said(path)}>{path.name}</a>\n" for path in found
        )

    def _fragment(self, path: Path) -> str:
        told = self.lies.get(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        return f"#sha256={told}" if told else ""

    def _said(self, path: Path) -> str:
        wanted = self.requires_python.get(path.name, "").replace(">", "&gt;")
        yanked = " data-yanked='broken'" if path.name in self.yanked else ""
        metadata = " data-core-metadata='true'" if self.tells_metadata and path.suffix == ".whl" else ""
        return f"{yanked}{metadata} data-requires-python='{wanted}'" if wanted else f"{yanked}{metadata}"


def _project(filename: str) -> str:
    return filename.partition("-")[0].replace("_", "-").lower()


@contextmanager
def package_index(files: Path) -> Iterator[PackageIndex]:
    """The index of a folder, as long as the block lasts."""
    index = PackageIndex(files=files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(Asked(self.path, self.headers.get("Authorization", "")))
            status, found = _answer(index, self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            if status == 200 and Path(self.path).name in index.endless:
                self.end_headers()
                _send_on(index, self.wfile)
                return
            if status == 401:
                self.send_header("WWW-Authenticate", "Basic")
            self.send_header("Content-Type", "text/html" if self.path.startswith("/simple/") else "application/zip")
            self.send_header("Content-Length", str(len(found) if isinstance(found, bytes) else found.stat().st_size))
            self.end_headers()
            if self.command == "GET":
                with io.BytesIO(found) if isinstance(found, bytes) else found.open("rb") as body:
                    shutil.copyfileobj(body, self.wfile, _BLOCK)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        index.url = f"http://127.0.0.1:{server.server_port}/simple"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield index
        finally:
            server.shutdown()
            thread.join()


def _send_on(index: PackageIndex, out: BufferedIOBase) -> None:
    """Send until the other side has enough, or far too much."""
    block = bytes(_BLOCK)
    with suppress(OSError):
        while index.sent < 1 << 28:
            out.write(block)
            index.sent += len(block)


def _answer(index: PackageIndex, path: str, authorization: str) -> tuple[int, bytes | Path]:
    if index.password:
        given = b64decode(authorization.removeprefix("Basic ")).decode()
        if given != f"me:{index.password}":
            return 401, b""
    # A proxy is asked for whole URLs.
    kind, _, name = urlsplit(path).path.strip("/").partition("/")
    if kind == "simple":
        page = index.page(name)
        return (200, f"<html><body>{page}</body></html>".encode()) if page else (404, b"")
    file = index.files / name
    if index.tells_metadata and name.endswith(".metadata"):
        return 200, _metadata(file.with_suffix(""))
    if name in index.missing or not file.is_file():
        return 404, b""
    if index.failures:
        index.failures -= 1
        return 503, b""
    return 200, file


def _metadata(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA"))
        return archive.read(name)


def write_source(
    folder: Path, project: Path, name: str, *, version: str = "1.0", metadata_version: str = "2.2"
) -> Path:
    """A project as the source that an index offers; from 2.2 on its metadata is told without building it (PEP 643)."""
    top = f"{name}-{version}"
    metadata = f"Metadata-Version: {metadata_version}\nName: {name}\nVersion: {version}\n"
    made = folder / f"{top}.tar.gz"
    with tarfile.open(made, "w:gz") as archive:
        for file in sorted(path for path in project.rglob("*") if path.is_file()):
            archive.add(file, f"{top}/{file.relative_to(project)}")
        told = tarfile.TarInfo(f"{top}/PKG-INFO")
        told.size = len(metadata)
        archive.addfile(told, io.BytesIO(metadata.encode()))
    return made
