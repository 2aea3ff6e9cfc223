"""The wheels that come of an archive itself: handed in, built of its projects, made of its loose modules."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.build import build_wheel
from lakewright.dependencies.formats import PYPROJECT
from lakewright.dependencies.given_wheels import given_wheels
from lakewright.dependencies.interpreters import find_python
from lakewright.dependencies.manifest import Fate
from lakewright.dependencies.modules import LooseModules, arrange
from lakewright.dependencies.projects import Taken, beside_package, check_python, project_files
from lakewright.dependencies.top_level import PACKAGE
from lakewright.dependencies.wheel import check_target, read_wheel
from lakewright.errors.dependencies import ModuleNameError
from lakewright.errors.wheels import DuplicateWheelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lakewright.dependencies.formats import Layout
    from lakewright.dependencies.processor_settings import ProcessorSettings
    from lakewright.dependencies.wheel import Wheel

_LOOSE: Final = PACKAGE.replace("_", "-")
# What builds a project that does not say it (PEP 517); with a setup.cfg alone, uv and pip would not look.
_SETUPTOOLS: Final = """[build-system]
requires = ["setuptools>=40.8.0"]
build-backend = "setuptools.build_meta:__legacy__"
"""
_log: Final = logging.getLogger("lakewright.dependencies")


@dataclass(slots=True, kw_only=True)
class OwnWheels:
    """What came of an archive itself.

    Attributes:
        wheels: by package.
        origins: `given` or `built`.
        fates: what became of each file but those that are only read.
        loose: how the loose modules lie, if there are any.
    """

    wheels: dict[str, Wheel] = field(default_factory=dict)
    origins: dict[Path, str] = field(default_factory=dict)
    fates: list[Fate] = field(default_factory=list)
    loose: LooseModules | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, by package."""
        return tuple(self.wheels[name].path for name in sorted(self.wheels))

    @property
    def requires(self) -> bool:
        """Whether any of them depends on another package."""
        return any(wheel.requires for wheel in self.wheels.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know."""
        return self.loose.notes if self.loose else ()

    def add(self, wheels: Iterable[Wheel], origin: str) -> None:
        """Take wheels in.

        Raises:
            DuplicateWheelError: there is one of the package already.
        """
        for wheel in wheels:
            if wheel.name in self.wheels:
                raise DuplicateWheelError(wheel.name, sorted((self.wheels[wheel.name].filename, wheel.filename)))
            self.wheels[wheel.name] = wheel
            self.origins[wheel.path] = origin


def own_wheels(layout: Layout, folder: Path, out: Path, *, settings: ProcessorSettings) -> OwnWheels:
    """The wheels of an archive that was unpacked.

    Args:
        layout: what is in it.
        folder: where it was unpacked to.
        out: where wheels are put.
        settings: how the archive is processed.

    Raises:
        DependencyError: a wheel is not taken, a project cannot be built, or modules cannot lie as they must.
    """
    out.mkdir()
    own = OwnWheels()
    target = settings.target
    given = given_wheels({name: folder / name for name in layout.wheels}, target=target, limits=settings.limits)
    own.add(given.wheels, "given")
    own.fates.extend(given.fates)
    loose = {layout.inner(name): name for name in (*layout.modules, *layout.data)}
    for project in layout.projects:
        check_python(folder / project, project or "the project", target)
    for project, names in layout.projects.items():
        built = _built(folder / project, out, settings)
        own.add([built], "built")
        fates = _account(project_files(names, project), folder, built)
        # Only beside the project that is the archive itself something else can be meant to be used.
        left = [name for name, fate in fates.items() if fate.what == "ignored"]
        beside = beside_package(left) if project == layout.root else ()
        loose |= {name: fates.pop(name).file for name in beside}
        own.fates.extend(fates.values())
    if any(name.endswith(".py") for name in loose):
        own.loose = arrange({inner: folder / name for inner, name in loose.items()}, top_level=settings.top_level)
        wheel = read_wheel(own.loose.write(out))
        own.add([wheel], "built")
        own.fates.extend(_loose_fates(own.loose, loose, wheel.filename))
    return own


def _built(project: Path, out: Path, settings: ProcessorSettings) -> Wheel:
    _log.info("building the project in %s", project.name)
    if not any((project / name).is_file() for name in (PYPROJECT, "setup.py")):
        (project / PYPROJECT).write_text(_SETUPTOOLS, encoding="utf-8")
    python = find_python(settings.target.python, settings.index) or sys.executable
    built = read_wheel(build_wheel(project, out, index=settings.index, local=True, python=python))
    check_target(built, settings.target)
    return built


def _account(files: Mapping[str, str], folder: Path, wheel: Wheel) -> dict[str, Fate]:
    """What became of each file of a project, by its name from the project's folder on."""
    taken = Taken(wheel.path)
    return {inner: taken.fate(file, inner, folder) for file, inner in files.items()}


def _loose_fates(loose: LooseModules, files: Mapping[str, str], wheel: str) -> Iterator[Fate]:
    for inner, name in files.items():
        inside = loose.origins.get(inner)
        if inside is None:
            yield Fate(file=name, what="ignored", detail="an empty __init__.py of the root has no place at the top")
        else:
            yield Fate(file=name, what="built into", detail=f"{wheel} as {inside}")


def check_apart(own: OwnWheels, wheels: Iterable[Path]) -> None:
    """Nothing, if loose modules and the other wheels have no name in common.

    Raises:
        ModuleNameError: one would hide the other.
    """
    if own.loose is None:
        return
    for path in wheels:
        wheel = read_wheel(path)
        common = own.loose.tops.intersection(wheel.modules) if wheel.name != _LOOSE else ()
        for name in sorted(common):
            hint = f"Rename it, or import it as {PACKAGE}.{name} only: top_level=False."
            raise ModuleNameError(f"at the top, '{name}' would hide the module of {wheel.filename}", hint=hint)
