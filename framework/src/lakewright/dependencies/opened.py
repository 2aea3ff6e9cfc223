"""The wheels of a wheelhouse, whatever shape it has: a zip with wheels at its root, or a folder."""

from __future__ import annotations

import os
import shutil
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lakewright.dependencies.hashing import sha256_of
from lakewright.dependencies.zips import BROKEN
from lakewright.errors.dependencies import NoWheelsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHEEL: Final = ".whl"
_SCHEME: Final = "dbfs:"
_VOLUMES: Final = "/Volumes/"
_CHUNK: Final = 1 << 20


def local_path(path: str | os.PathLike[str]) -> Path:
    """A path as Python's own file functions take it; `dbfs:` paths are found where clusters mount them.

    Source: Databricks, "Work with files on Databricks".

    >>> local_path("dbfs:/Volumes/main/etl/lib/wheelhouse.zip").as_posix()
    '/Volumes/main/etl/lib/wheelhouse.zip'
    >>> local_path("dbfs:/tmp/wheelhouse.zip").as_posix()
    '/dbfs/tmp/wheelhouse.zip'
    """
    text = os.fspath(path)
    if not text.startswith(_SCHEME):
        return Path(text)
    text = text.removeprefix(_SCHEME)
    return Path(text if text.startswith(_VOLUMES) else f"/dbfs{text}")


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[tuple[Path, ...]]:
    """The wheels of a wheelhouse as files, for as long as the context lasts; in order of their names.

    Raises:
        NoWheelsError: it is not there, damaged, or holds no wheel.
    """
    place = local_path(path)
    if place.is_dir():
        yield _of_folder(place)
        return
    with TemporaryDirectory(prefix="lakewright-wheels-") as scratch:
        yield _of_zip(place, Path(scratch))


def _of_folder(folder: Path) -> tuple[Path, ...]:
    found = [*folder.glob(f"*{_WHEEL}"), *folder.glob(f"wheels/*{_WHEEL}")]
    return _some(found, str(folder))


def _some(wheels: Iterable[Path], place: str) -> tuple[Path, ...]:
    found = tuple(sorted(wheels))
    if not found:
        raise NoWheelsError(place, "it holds no wheel")
    return found


def _of_zip(file: Path, scratch: Path) -> tuple[Path, ...]:
    """Only wheels at the root are taken out, each under its own name: nothing can be written anywhere else."""
    try:
        with zipfile.ZipFile(file) as archive:
            wheels = [each for each in archive.infolist() if _is_wheel_at_root(each.filename)]
            for each in wheels:
                with archive.open(each) as source, (scratch / each.filename).open("xb") as copy:
                    shutil.copyfileobj(source, copy, _CHUNK)
    except FileNotFoundError as error:
        raise NoWheelsError(str(file), "it is not there") from error
    except FileExistsError as error:
        raise NoWheelsError(str(file), f"it holds {Path(error.filename).name} twice") from error
    except BROKEN as error:
        raise NoWheelsError(str(file), f"it cannot be read: {error}") from error
    return _some((scratch / each.filename for each in wheels), str(file))


def _is_wheel_at_root(name: str) -> bool:
    return name.endswith(_WHEEL) and not name.startswith(".") and "/" not in name and "\\" not in name


def content_digest(wheels: Iterable[Path]) -> str:
    """SHA-256 over names and contents of wheels: equal wheelhouses have equal ones, in whatever shape they come."""
    total = sha256()
    for wheel in sorted(wheels, key=lambda each: each.name):
        total.update(f"{wheel.name}\0{sha256_of(wheel)}\n".encode())
    return total.hexdigest()
