"""Projects that were handed in: whether they take the target's Python, and what of them the build took."""

from __future__ import annotations

import zipfile
from configparser import ConfigParser, Error
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from packaging.specifiers import InvalidSpecifier

from lakewright.dependencies.formats import PYPROJECT, read_toml
from lakewright.dependencies.hashing import sha256_of, sha256_of_stream
from lakewright.dependencies.manifest import Fate
from lakewright.dependencies.unneeded import is_beside_code, is_test
from lakewright.dependencies.wheel import takes_python
from lakewright.errors.dependencies import RequiresPythonError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lakewright.dependencies.platforms import WheelTarget

_SOURCES: Final = "src"


def check_python(folder: Path, name: str, target: WheelTarget) -> None:
    """Nothing, if a project takes the target's Python, as far as it says so before it is built.

    Args:
        folder: of the project.
        name: how the project is called where it does not say it.
        target: what it is built for.

    Raises:
        RequiresPythonError: it excludes that Python.
    """
    called, wanted = _said(folder)
    # What cannot be understood is for the build to refuse.
    with suppress(InvalidSpecifier):
        if wanted and not takes_python(wanted, target.python):
            raise RequiresPythonError(called or name, wanted=wanted, target=target.python)


def _said(folder: Path) -> tuple[str, str]:
    """The name and the Pythons of a project, as far as its files say it."""
    pyproject, setup = folder / PYPROJECT, folder / "setup.cfg"
    if pyproject.is_file():
        project = read_toml(pyproject.read_bytes(), PYPROJECT).get("project", {})
        if isinstance(project, dict) and "requires-python" in project:
            return str(project.get("name", "")), str(project["requires-python"])
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(setup, encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return "", ""
    return parser.get("metadata", "name", fallback=""), parser.get("options", "python_requires", fallback="")


class Taken:
    """What of a project is in the wheel that was built of it.

    Args:
        wheel: that was built.
    """

    def __init__(self, wheel: Path) -> None:
        self._wheel = wheel.name
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            self._by_hash = {_hash(archive, name): name for name in names}
        self._names = frozenset(names)

    def find(self, name: str, file: Path) -> str:
        """The name in the wheel of a file of the project; empty if it is not there.

        Args:
            name: from the project's folder on.
            file: where its content is.
        """
        parts = PurePosixPath(name).parts
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        own = next((end for end in ends if end in self._names), "")
        # An empty file is like any other empty file.
        return own or (self._by_hash.get(sha256_of(file), "") if file.stat().st_size else "")

    def fate(self, file: str, name: str, folder: Path) -> Fate:
        """What became of a file.

        Args:
            file: its name in the archive.
            name: its name from the project's folder on.
            folder: where the archive was unpacked to.
        """
        inside = self.find(name, folder / file)
        if inside:
            return Fate(file=file, what="built into", detail=f"{self._wheel} as {inside}")
        if name in {PYPROJECT, "setup.py", "setup.cfg", "MANIFEST.in"}:
            return Fate(file=file, what="read as", detail=f"settings of the build of {self._wheel}")
        why = (
            "a test, which does not run on the cluster" if is_test(name) else f"the build of {self._wheel} left it out"
        )
        return Fate(file=file, what="ignored", detail=why)


def beside_package(left: Iterable[str]) -> tuple[str, ...]:
    """Of the files that a build has left out those that are loose modules, with all that lies beside them.

    What is by convention no part of a package (`docs/`, `scripts/`, `noxfile.py` …) is not, and nothing below `src/`:
    that the build has been told about.

    Args:
        left: names from the project's folder on.

    >>> beside_package(["helper.py", "setup.py", "extra/__init__.py", "extra/t.csv", "docs/conf.py", "src/x/a.py"])
    ('helper.py', 'extra/__init__.py', 'extra/t.csv')
    """
    names = [name for name in left if not is_test(name)]
    tops = {PurePosixPath(name).parts[0] for name in names if name.endswith(".py")}
    loose = {top for top in tops if _is_loose(top)}
    return tuple(name for name in names if PurePosixPath(name).parts[0] in loose)


def _is_loose(top: str) -> bool:
    name = top.removesuffix(".py")
    return name.isidentifier() and name != _SOURCES and not is_beside_code(name)


def _hash(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as content:
        return sha256_of_stream(content).hexdigest()


def project_files(names: Iterable[str], project: str) -> Mapping[str, str]:
    """Files of a project by their names in the archive: their names from the project's folder on."""
    return {name: name.removeprefix(f"{project}/") if project else name for name in names}
