"""Loose modules to one wheel: importable as `user_modules.x`, and at the top where that is asked for or needed."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.imports import module_imports
from lakewright.dependencies.limits import Limits
from lakewright.dependencies.top_level import PACKAGE, check_names, lie_at_top, owner, same_modules
from lakewright.dependencies.wheel_file import content_version, write_wheel
from lakewright.errors.dependencies import ModuleNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from lakewright.dependencies.imports import ModuleImport

_RELEASE: Final = "0.1.0"
_INIT: Final = "__init__.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseModules:
    """The arrangement of loose modules, decided before anything is written.

    Attributes:
        files: what goes into the wheel, by its name there.
        origins: the names in the wheel of the files that were handed in.
        is_top_level: whether the modules lie at the top.
        notes: what a user should know of it, a sentence each.
    """

    files: Mapping[str, bytes | Path]
    origins: Mapping[str, str]
    is_top_level: bool
    notes: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """A version that tells the content."""
        return f"{_RELEASE}+{content_version(self.files)}"

    @property
    def tops(self) -> frozenset[str]:
        """The names that can be imported."""
        return _tops(self.files)

    def write(self, out: Path) -> Path:
        """Their wheel, in a folder."""
        summary = "Python files that were handed in with a job"
        return write_wheel(out, self.files, name=PACKAGE, version=self.version, summary=summary)


def arrange(files: Mapping[str, Path], *, top_level: bool | None = None) -> LooseModules:
    """How loose modules lie in their wheel.

    Args:
        files: modules and the data beside them, by their names from the root on.
        top_level: whether they can be imported as `x` too, not only as `user_modules.x`; by default where they import
            each other like that.

    Raises:
        ModuleNameError: a name is taken by the standard library or the runtime, two files would have one name, or the
            modules import each other in ways that no arrangement serves.
    """
    _check_twins(files)
    tops = _tops(files)
    # A name that somebody else has means what is theirs, unless it was asked for.
    found = _imports(files, tops if top_level else {name for name in tops if not owner(name)})
    package = _INIT if _INIT in files and files[_INIT].read_bytes().strip() else ""
    is_top_level = lie_at_top(found, asked=top_level, package=package)
    if is_top_level:
        check_names(tops)
    prefix = "" if is_top_level else f"{PACKAGE}/"
    origins = {name: f"{prefix}{name}" for name in files if not (is_top_level and name == _INIT)}
    contents: dict[str, bytes | Path] = {inside: files[name] for name, inside in origins.items()}
    contents |= {name: b"" for name in _inits(contents) if name not in contents}
    if is_top_level:
        contents[f"{PACKAGE}/{_INIT}"] = same_modules(tops)
    notes = (*_why_at_top(found, is_top_level=is_top_level), *_not_importable(files))
    return LooseModules(files=contents, origins=origins, is_top_level=is_top_level, notes=notes)


def _python(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.endswith(".py")]


def _tops(files: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition("/")[0].removesuffix(".py") for name in _python(files)) - {"__init__"}


def _folders(names: Iterable[str]) -> set[str]:
    return {str(folder) for name in _python(names) for folder in PurePosixPath(name).parents[:-1]}


def _inits(contents: Iterable[str]) -> list[str]:
    """An `__init__.py` for each folder with modules: a zip on the path of older Pythons has no packages without."""
    return [f"{folder}/{_INIT}" for folder in sorted(_folders(contents))]


def _check_twins(files: Iterable[str]) -> None:
    names = tuple(files)
    modules = {name.removesuffix(".py") for name in _python(names)}
    for name in sorted(modules & _folders(names)):
        hint = "Only one of the two could be imported. Rename one."
        raise ModuleNameError(f"{name}.py and the folder {name}/ are modules of one name", hint=hint)


def _imports(files: Mapping[str, Path], tops: AbstractSet[str]) -> tuple[ModuleImport, ...]:
    # To read one of many megabytes takes gigabytes; such a file is data that was generated.
    small = [name for name in _python(files) if files[name].stat().st_size <= Limits().text_bytes]
    return tuple(found for name in small for found in module_imports(files[name].read_bytes(), name, tops))


def _why_at_top(found: Iterable[ModuleImport], *, is_top_level: bool) -> Iterator[str]:
    plain = next((each for each in found if not each.is_relative), None)
    if is_top_level and plain:
        yield f"modules lie at the top, because {plain.location} has '{plain.statement}'"


def _not_importable(files: Iterable[str]) -> Iterator[str]:
    for name in _python(files):
        parts = name.removesuffix(".py").split("/")
        if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
            yield f"{name} is carried, but no module of that name can be imported"
