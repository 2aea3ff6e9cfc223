"""The source files that a module's code comes from, inside one folder: what a change of code is judged by."""

from __future__ import annotations

import ast
import sys
from functools import cache
from hashlib import sha256
from importlib.machinery import PathFinder
from importlib.util import resolve_name
from pathlib import Path
from typing import Final, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Installed code is told by the lock file, and the framework by a digest of all of it: see `locked`.
_NOT_SOURCES: Final = frozenset({"site-packages", "dist-packages", ".venv"})
_FRAMEWORK: Final = "lakewright"
_LOCK: Final = "uv.lock"


class _Source(NamedTuple):
    """A source file as it was when it was first asked for."""

    path: str
    digest: str
    modified: float
    imports: tuple[str, ...]


class SourceFiles:
    """The source files below a folder; each is read once, never imported.

    An import whose name is computed is not seen.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, _Source | None] = {}

    def closure(self, modules: Iterable[str]) -> Mapping[str, str]:
        """SHA-256 of each file that the modules import, directly or not, by its path below the folder."""
        return {source.path: source.digest for source in self._reached(modules)}

    def modified_after(self, modules: Iterable[str], moment: float) -> list[str]:
        """Those of the closure that were written after a moment, in seconds since the epoch."""
        return [source.path for source in self._reached(modules) if source.modified > moment]

    def file(self, module: str) -> str | None:
        """The file of a module; None where it has none below the folder."""
        source = self._source(module)
        return source.path if source else None

    def _reached(self, modules: Iterable[str]) -> list[_Source]:
        pending = list(modules)
        seen: set[str] = set()
        found: list[_Source] = []
        while pending:
            name = pending.pop()
            if name in seen or name.partition(".")[0] == _FRAMEWORK:
                continue
            seen.add(name)
            pending.extend(_parents(name))
            source = self._source(name)
            if source is not None:
                found.append(source)
                pending.extend(source.imports)
        return sorted(set(found))

    def _source(self, name: str) -> _Source | None:
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> _Source | None:
        path = _file(name)
        if path is None or not path.is_relative_to(self._root):
            return None
        place = path.relative_to(self._root)
        if _NOT_SOURCES & set(place.parts):
            return None
        content = path.read_bytes()
        imports = tuple(dict.fromkeys(_imported(content, name, is_package=path.name == "__init__.py")))
        return _Source(place.as_posix(), sha256(content).hexdigest(), path.stat().st_mtime, imports)


def closure(modules: Iterable[str], root: Path) -> Mapping[str, str]:
    """SHA-256 of each source file below `root` that the modules import, directly or not, by its relative path."""
    return SourceFiles(root).closure(modules)


def locked(root: Path) -> Mapping[str, str]:
    """SHA-256 of what tells all other code: the lock file below `root`, if there is one, and this package."""
    file = root / _LOCK
    lock = {_LOCK: sha256(file.read_bytes()).hexdigest()} if file.is_file() else {}
    return {**lock, _FRAMEWORK: _framework()}


@cache
def _framework() -> str:
    """SHA-256 of this package: a repository carries it in its tree, where a version says little."""
    digest = sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _parents(name: str) -> Iterator[str]:
    parent = name.rpartition(".")[0]
    if parent:
        yield parent


def _file(name: str) -> Path | None:
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None) if module else _origin(name)
    return Path(file).resolve() if file and file.endswith(".py") else None


def _origin(name: str) -> str | None:
    """The file of a module, found part by part: `importlib.util.find_spec` would import its parents."""
    locations = None
    spec = None
    parts = name.split(".")
    for index in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: index + 1]), locations)
        if spec is None:
            return None
        locations = spec.submodule_search_locations
        if locations is None and index < len(parts) - 1:
            return None
    return spec.origin if spec else None


def _imported(content: bytes, name: str, *, is_package: bool) -> Iterator[str]:
    """Every name that might be an imported module; what turns out to be none is passed over."""
    try:
        tree = ast.parse(content)
    except SyntaxError:
        return
    package = name if is_package else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            if base:
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names)


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    try:
        return resolve_name("." * node.level + (node.module or ""), package)
    except ImportError:
        return ""


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What changed from one closure to another, a line for each file.

    >>> differences({"a.py": "1", "b.py": "2"}, {"a.py": "3", "c.py": "4"})
    ['changed: a.py', 'gone: b.py', 'new: c.py']
    """
    changed = [f"changed: {path}" for path in before if path in after and before[path] != after[path]]
    gone = [f"gone: {path}" for path in before if path not in after]
    return [*changed, *gone, *(f"new: {path}" for path in after if path not in before)]
