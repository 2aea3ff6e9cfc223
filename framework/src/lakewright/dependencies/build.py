"""Wheels from source, by uv in an environment of their own; equal sources give equal bytes."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from lakewright.dependencies.index import Index
from lakewright.dependencies.repack import repack
from lakewright.dependencies.staging import scratch
from lakewright.dependencies.uv import uv
from lakewright.dependencies.wheel import check_target, read_wheel
from lakewright.errors.wheels import BuildError, NativeSourceError, WheelTargetError

if TYPE_CHECKING:
    from pathlib import Path

    from lakewright.dependencies.lock import LockedFile
    from lakewright.dependencies.platforms import WheelTarget

# The oldest time that an archive can hold; back ends that write times take it from here.
EPOCH: Final = "315532800"
_SHOWN_LINES: Final = 12
_FLAT: Final = re.compile(
    r"Multiple top-level (?P<what>packages|modules) discovered in a flat-layout: (?P<names>\[.*?\])"
)


def build_wheel(
    project: Path, out: Path, *, index: Index | None = None, local: bool = False, python: str = sys.executable
) -> Path:
    """The wheel of a project, in a folder.

    Args:
        project: its folder, or an archive of its source.
        out: where the wheel is put.
        index: where the tools that build it come from.
        local: give it a version that tells its content, as in `1.0+c3f2a…`; for what changes without a new version.
        python: the interpreter that builds it.

    Raises:
        BuildError: the project cannot be built; the error ends with what the back end said last.
        WheelError: what was built is no proper wheel.
    """
    index = index or Index()
    out.mkdir(parents=True, exist_ok=True)
    with scratch() as place:
        command = ("build", "--wheel", "--no-create-gitignore", f"--out-dir={place / 'dist'}", *index.options)
        same = {"SOURCE_DATE_EPOCH": EPOCH}
        ended = uv(*command, str(project.resolve()), index=index, cwd=place, python=python, variables=same)
        made = sorted((place / "dist").glob("*.whl"))
        if ended.code or len(made) != 1:
            raise _failure(project, ended.errors)
        return repack(read_wheel(made[0]), out, local=local)


def build_source(
    source: Path, out: Path, *, file: LockedFile, target: WheelTarget, index: Index, python: str = sys.executable
) -> Path:
    """The wheel of a package that has none, if it is pure Python.

    Raises:
        NativeSourceError: it holds code that must be compiled where it runs.
        BuildError: it cannot be built.
    """
    named = f"{file.package} {file.version}".strip()
    try:
        made = build_wheel(source, out, index=index, python=python)
    except BuildError as error:
        raise BuildError(
            f"{named} comes as source only, and {error.message}",
            hint=f"{error.hint}\nIf it is not pure Python: choose a version that has a wheel for {target}.",
        ) from error
    wheel = read_wheel(made)
    if not wheel.is_pure:
        made.unlink()
        raise NativeSourceError(named, target=str(target), built=made.name)
    try:
        check_target(wheel, target)
    except WheelTargetError as error:
        raise NativeSourceError(named, target=str(target), built=made.name) from error
    return made


def _failure(project: Path, said: str) -> BuildError:
    flat = _FLAT.search(said)
    if flat:
        return BuildError(
            f"{project.name} cannot be built: setuptools finds several {flat['what']} beside each other, "
            f"{flat['names']}, and does not guess which are meant",
            hint="Put them below src/, or name them in its pyproject.toml: [tool.setuptools] packages = […].",
        )
    last = "\n".join(said.strip().splitlines()[-_SHOWN_LINES:])
    return BuildError(f"{project.name} cannot be built", hint=f"The build ended with:\n{last}")
