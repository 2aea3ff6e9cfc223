"""The packages of a repository, and what each is made of: its folder, what it needs, what it reads besides."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final

from lakewright.io.local import PIPELINE_FILE
from lakewright.project.imports import imported_names
from lakewright.project.repository import PIPELINES
from lakewright.project.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from lakewright.project.trees import Tracked, Tree

_PROJECT: Final = "pyproject.toml"
FRAMEWORK: Final = "framework"
_SOURCE: Final = ".py"
_TEXTS: Final = (".cfg", ".toml", ".yaml", ".yml")
_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_UPWARDS: Final = re.compile(r"(?:\.\./)+[^\s\"'`,;\]})&|]*")
_WILDCARD: Final = re.compile(r"[*?\[{$].*")
# What every package may have beside its modules, and no other package imports.
_OWN: Final = frozenset({"tests", "resources", "data", "docs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A folder with a `pyproject.toml`, or a pipeline's.

    Attributes:
        folder: below the repository's root.
        name: of the distribution, as indexes compare it.
        modules: names that others import it by.
        needs: names of distributions that it declares.
        imports: names that its modules import.
        reads: files and folders outside of it that its own files name or link to.
        is_pipeline: whether it has a `databricks.yml` where pipelines lie.
        is_open: nothing says what it needs, so it may need everything.
    """

    folder: str
    name: str
    modules: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    is_pipeline: bool = False
    is_open: bool = False


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503).

    >>> normalised("Sales_Core.Lib")
    'sales-core-lib'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_packages(tree: Tree) -> tuple[Package, ...]:
    """The packages of a repository but the framework, by folder.

    Raises:
        ProjectError: a `pyproject.toml` is not TOML.
    """
    return tuple(_package(tree, folder, files) for folder, files in _own_files(tree).items())


def named_packages(tree: Tree) -> tuple[Package, ...]:
    """The same packages by the names that others know them by, without what they are made of: that is not read.

    Raises:
        ProjectError: a `pyproject.toml` is not TOML.
    """
    return tuple(_named(tree, folder, files) for folder, files in _own_files(tree).items())


def _own_files(tree: Tree) -> Mapping[str, Sequence[Tracked]]:
    """The files of each package; one that lies in two packages belongs to both."""
    own: dict[str, list[Tracked]] = {folder: [] for folder in sorted(_marked(tree))}
    for file in tree.files:
        for folder in _above(file.path):
            if folder in own:
                own[folder].append(file)
    return own


def _marked(tree: Tree) -> set[str]:
    """Folders that are packages. What lies in the framework are its own files, whatever they look like."""
    marks = [each for each in tree.files if each.path.endswith((f"/{_PROJECT}", f"/{PIPELINE_FILE}"))]
    present = {dirname(each.path) for each in marks if tree.content(each.path) is not None}
    return {folder for folder in present if folder.partition("/")[0] != FRAMEWORK}


def injected_modules(tree: Tree) -> frozenset[str]:
    """Modules whose tasks the repository's settings put into every job.

    Raises:
        ProjectError: the `pyproject.toml` is not TOML.
    """
    return frozenset(_named_modules(_toml(tree, _PROJECT)))


def closures(starts: Iterable[Package], packages: Sequence[Package]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The folders that each of some packages is made of, each with the way to it; the package is the first."""
    edges = _edges(packages)
    return {start.folder: _reached(start.folder, edges) for start in starts}


def _reached(start: str, edges: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = [start]
    for folder in waiting:
        for further in edges[folder]:
            if further not in ways:
                ways[further] = (*ways[folder], further)
                waiting.append(further)
    return ways


def _edges(packages: Sequence[Package]) -> Mapping[str, tuple[str, ...]]:
    """The folders that each folder needs directly: declared, imported, or with a file that it reads."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for package in packages:
        for name in (package.name, *package.modules):
            by_name[name].add(package.folder)
    folders = frozenset(package.folder for package in packages)

    def of(package: Package) -> Iterator[str]:
        if package.is_open:
            yield from folders
        for name in package.needs | (package.imports - package.modules):
            yield from by_name.get(name, ())
        for path in package.reads:
            yield from (folder for folder in _above(f"{path}/") if folder in folders)

    return {package.folder: tuple(sorted({*of(package)} - {package.folder})) for package in packages}


def _above(path: str) -> Iterator[str]:
    """The folders that a path lies in, innermost first."""
    while (path := dirname(path)) not in {"", "/", ".."}:
        yield path


def _package(tree: Tree, folder: str, files: Sequence[Tracked]) -> Package:
    content = _toml(tree, f"{folder}/{_PROJECT}")
    sources = (each.path for each in files if each.path.endswith(_SOURCE))
    imports = {name for path in sources for name in imported_names(tree.content(path) or b"")}
    return replace(
        _named(tree, folder, files),
        needs=frozenset(_needs(content)),
        imports=frozenset({*imports, *_named_modules(content)}),
        reads=frozenset(_reads(tree, folder, files)),
        is_open=not content,
    )


def _named(tree: Tree, folder: str, files: Sequence[Tracked]) -> Package:
    name = _toml(tree, f"{folder}/{_PROJECT}").get("project", {}).get("name", folder.rpartition("/")[2])
    return Package(
        folder=folder,
        name=normalised(str(name)),
        modules=frozenset(_modules(folder, (each.path for each in files if each.path.endswith(_SOURCE)))),
        is_pipeline=dirname(folder) == PIPELINES and tree.content(f"{folder}/{PIPELINE_FILE}") is not None,
    )


def _toml(tree: Tree, path: str) -> dict[str, Any]:
    return parse_toml(tree.content(path) or b"", path)


def _needs(content: Mapping[str, Any]) -> Iterator[str]:
    """Names of all distributions that a project declares, whatever for."""
    project = content.get("project", {})
    groups = (*project.get("optional-dependencies", {}).values(), *content.get("dependency-groups", {}).values())
    requirements = chain(project.get("dependencies", ()), content.get("build-system", {}).get("requires", ()), *groups)
    for requirement in requirements:
        match = _NAME.match(requirement) if isinstance(requirement, str) else None
        if match:
            yield normalised(match[1])


def _named_modules(content: Mapping[str, Any]) -> Iterator[str]:
    """Names that the settings say jobs and injected tasks are found under."""
    settings = content.get("tool", {}).get("lakewright", {})
    for module in settings.get("modules", ()):
        yield str(module).partition(".")[0]
    for injected in settings.get("inject", ()):
        yield re.split(r"[.:]", str(injected.get("task", "")))[0]


def _modules(folder: str, sources: Iterable[str]) -> Iterator[str]:
    """First names of what can be imported from a folder, with or without `src/`."""
    for source in sources:
        name = source[len(folder) + 1 :].removeprefix("src/").split("/")[0].removesuffix(".py")
        if name not in _OWN:
            yield name


def _reads(tree: Tree, folder: str, files: Sequence[Tracked]) -> Iterator[str]:
    """Where links lead, and paths with `../` in what says how a package is built and deployed."""
    for file in files:
        if file.is_link:
            targets = [tree.target(file.path)]
        elif file.path.endswith(_TEXTS):
            content = (tree.content(file.path) or b"").decode(errors="replace")
            targets = [_WILDCARD.sub("", found) for found in _UPWARDS.findall(content)]
        else:
            continue
        # An included file may name a path as seen from itself, or from its bundle.
        yield from (normpath(join(start, each)) for each in targets for start in (dirname(file.path), folder))
