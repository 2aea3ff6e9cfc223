"""What an archive holds: requirements, projects, wheels, loose modules, and what is left out and why."""

from __future__ import annotations

import sys
from configparser import ConfigParser, Error
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from lakewright.dependencies.unneeded import A_TEST, NESTED, is_archive, is_test, why_no_data, why_unneeded
from lakewright.errors.dependencies import LayoutError, NothingToBuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.dependencies.archive import Archive

REQUIREMENTS: Final = "requirements.txt"
PYPROJECT: Final = "pyproject.toml"
_BUILT_BEFORE: Final = ("dist", "build")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What is in an archive; every file of it stands in exactly one place. All names are those of the archive.

    Attributes:
        root: the folder that everything lies in; empty for the archive itself.
        requirements: files of requirements.
        projects: folders to build, each with its files; the archive itself is "".
        wheels: wheels.
        modules: Python files that belong to no project.
        data: other files that go along with these modules.
        ignored: files that are left out, and why.
    """

    root: str = ""
    requirements: tuple[str, ...] = ()
    projects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wheels: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    ignored: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """Which of the four kinds of input there are."""
        kinds = {
            "requirements_only": self.requirements,
            "packaged": self.projects,
            "existing_wheels": self.wheels,
            "pure_python": self.modules,
        }
        return tuple(kind for kind, found in kinds.items() if found)

    @property
    def format(self) -> str:
        """The format in one word: `nested` in a folder, `mixed` of several kinds, else the kind."""
        if self.root:
            return "nested"
        return self.parts[0] if len(self.parts) == 1 else "mixed"

    def inner(self, name: str) -> str:
        """The name of a file from the root on."""
        return name.removeprefix(f"{self.root}/") if self.root else name


def recognise(
    archive: Archive, *, root: str | None = None, with_tests: bool = False, projects: Iterable[str] = ()
) -> Layout:
    """What an archive holds.

    A single folder that everything lies in is taken off, once, unless it is a package itself.

    Args:
        archive: that was checked.
        root: the folder to read instead; empty for the archive itself.
        with_tests: whether tests are carried with loose modules.
        projects: folders that are projects wherever they lie.

    Raises:
        NothingToBuildError: nothing in it can be made into a wheel.
        LayoutError: what is meant cannot be told.
    """
    names = [*archive.members, *(f"{name}/" for name in archive.folders if why_unneeded(f"{name}/x"))]
    ignored = {name: why for name in names if (why := why_unneeded(name.removesuffix("/") or name))}
    kept = [name for name in archive.members if name not in ignored]
    base = _single_folder(kept) if root is None else _given(root, kept)
    ignored |= {name: f"outside of the root '{base}'" for name in kept if base and not name.startswith(f"{base}/")}
    sorter = _Sorter(archive, base, with_tests=with_tests, projects=projects)
    for name in kept:
        if name not in ignored:
            sorter.sort(name)
    ignored |= sorter.ignored
    layout = Layout(
        root=base,
        requirements=tuple(sorter.requirements),
        projects={name: tuple(files) for name, files in sorter.projects.items()},
        wheels=tuple(sorter.wheels),
        modules=tuple(sorter.modules),
        data=tuple(sorter.data) if sorter.modules else (),
        ignored=ignored | ({} if sorter.modules else dict.fromkeys(sorter.data, "there is no module beside it")),
    )
    if not layout.parts:
        raise NothingToBuildError(archive.path.name, layout.ignored)
    return layout


class _Sorter:
    """Puts each file into its place, having first looked for projects and requirements."""

    def __init__(self, archive: Archive, root: str, *, with_tests: bool, projects: Iterable[str]) -> None:
        self._archive = archive
        self._root = root
        self._with_tests = with_tests
        below = [PurePosixPath(name).relative_to(root) for name in archive.members if _is_below(name, root)]
        tops = sorted(
            {path.parts[0] for path in below if len(path.parts) > 1 and not why_unneeded(f"{path.parts[0]}/x")}
        )
        self.projects: dict[str, list[str]] = {**{name: [] for name in projects}, **self._find_projects(tops)}
        self.requirements: list[str] = self._find_requirements(tops)
        self.wheels: list[str] = []
        self.modules: list[str] = []
        self.data: list[str] = []
        self.ignored: dict[str, str] = {}

    def sort(self, name: str) -> None:
        """Put a file where it belongs."""
        project = next((each for each in self.projects if _is_below(name, each)), None)
        if name in self.requirements:
            return
        if project is not None:
            self._sort_in_project(name, project)
        elif is_test(self._inner(name)) and not self._with_tests:
            self.ignored[name] = A_TEST
        elif name.endswith(".whl"):
            self.wheels.append(name)
        elif is_archive(name):
            self.ignored[name] = NESTED
        elif name.endswith(".py"):
            self.modules.append(name)
        elif why := why_no_data(self._inner(name)):
            self.ignored[name] = why
        else:
            self.data.append(name)

    def _sort_in_project(self, name: str, project: str) -> None:
        inner = PurePosixPath(name).relative_to(project)
        if inner.parts[0] in _BUILT_BEFORE and len(inner.parts) > 1:
            self.ignored[name] = "left by an earlier build; the project is built anew"
        elif name.endswith(".whl") and not is_test(str(inner)):
            self.wheels.append(name)
        else:
            self.projects[project].append(name)

    def _find_projects(self, tops: Iterable[str]) -> dict[str, list[str]]:
        if self._is_project(self._root):
            return {self._root: []}
        folders = [_join(self._root, top) for top in tops]
        return {folder: [] for folder in folders if self._is_project(folder)}

    def _find_requirements(self, tops: Iterable[str]) -> list[str]:
        here = [_join(folder, REQUIREMENTS) for folder in (self._root, *self.projects)]
        found = [name for name in dict.fromkeys(here) if name in self._archive.members]
        if found or self.projects:
            return found
        below = [_join(self._root, f"{top}/{REQUIREMENTS}") for top in tops]
        candidates = [name for name in below if name in self._archive.members]
        if len(candidates) > 1:
            raise LayoutError(
                f"{self._archive.path.name}: which requirements are meant cannot be told: {', '.join(candidates)}",
                hint=f"Put one {REQUIREMENTS} beside these folders, or say which folder counts: root='…'.",
            )
        return candidates

    def _is_project(self, folder: str) -> bool:
        members = self._archive.members
        pyproject, config = _join(folder, PYPROJECT), _join(folder, "setup.cfg")
        if _join(folder, "setup.py") in members:
            return True
        if config in members and _is_setup(self._archive.read(config), config):
            return True
        if pyproject not in members:
            return False
        return not read_toml(self._archive.read(pyproject), pyproject).keys().isdisjoint({"project", "build-system"})

    def _inner(self, name: str) -> str:
        return name.removeprefix(f"{self._root}/") if self._root else name


def read_toml(content: bytes, name: str) -> Mapping[str, Any]:
    """The content of a TOML file.

    Raises:
        LayoutError: it is no TOML.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(content.decode("utf-8"))
    # A number of thousands of digits is a plain ValueError.
    except (ValueError, RecursionError) as error:
        raise LayoutError(f"{name} is no TOML: {error}", hint="The project cannot be built before it is.") from error


def _is_setup(content: bytes, name: str) -> bool:
    """Whether a setup.cfg describes a project; many hold settings of tools only."""
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(content.decode("utf-8"), source=name)
    except (Error, UnicodeDecodeError) as error:
        raise LayoutError(
            f"{name} cannot be read: {error}", hint="The project cannot be built before it can."
        ) from error
    return parser.has_option("metadata", "name") or parser.has_section("options")


def _single_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1 or any("/" not in name for name in names):
        return ""
    top = tops.pop()
    return "" if f"{top}/__init__.py" in names or is_test(f"{top}/x") else top


def _given(root: str, names: list[str]) -> str:
    root = root.strip("/")
    if root and not any(_is_below(name, root) for name in names):
        raise LayoutError(f"there is no folder '{root}' in the archive", hint="Name a folder as it stands there.")
    return root


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _is_below(name: str, folder: str) -> bool:
    return not folder or name.startswith(f"{folder}/")
