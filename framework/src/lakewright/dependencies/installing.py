"""Wheels of a wheelhouse, installed: into the environment that runs this, or into a folder; nothing is fetched."""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lakewright.dependencies.opened import local_path, opened
from lakewright.dependencies.uv import find_uv
from lakewright.errors.dependencies import InstallError
from lakewright.errors.project import MissingExtraError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_log: Final = logging.getLogger("lakewright.dependencies")
_SHOWN: Final = 30
_KEPT: Final = frozenset({"UV_BREAK_SYSTEM_PACKAGES", "UV_LINK_MODE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What was installed.

    Attributes:
        wheels: names of the files.
        target: the folder that it went to; empty for the environment.
        installer: `uv` or `pip`.
    """

    wheels: tuple[str, ...]
    target: str
    installer: str


class Installer(NamedTuple):
    """A program that installs wheels.

    Attributes:
        command: to which its arguments are added.
        forces: the argument that has it install what is there in an equal version.
    """

    name: Literal["uv", "pip"]
    command: tuple[str, ...]
    forces: str

    def asked(self, wheel: Path) -> str:
        """A wheel as the program is to be asked for it.

        Both refuse what does not fit this interpreter, but uv takes any wheel that is given by its path.
        """
        return "==".join(wheel.name.split("-")[:2]) if self.name == "uv" else str(wheel)


def install(
    path: str | os.PathLike[str], *, target: str | os.PathLike[str] | None = None, force: bool = True
) -> Installed:
    """Install the wheels of a wheelhouse, offline, for this interpreter.

    Into the environment only what fits goes: that each wheel's requirements are met is checked before anything changes.
    A folder is filled as it is; put it on `sys.path`.

    Args:
        path: `wheelhouse.zip`, or a folder of wheels.
        target: a folder; the environment of this interpreter unless given.
        force: whether what is installed in an equal version is replaced: two builds of one version may differ.

    Raises:
        InstallError: the installer refused; its words are in the message.
        MissingExtraError: there is neither uv nor pip.
        NoWheelsError: no wheelhouse is there.
    """
    with opened(path) as wheels:
        return install_wheels(wheels, path, target=target, force=force)


def install_wheels(
    wheels: Sequence[Path],
    path: str | os.PathLike[str],
    *,
    target: str | os.PathLike[str] | None = None,
    force: bool = True,
) -> Installed:
    """Install wheels that are at hand, as `install` does.

    Args:
        wheels: files of one folder.
        path: of their wheelhouse, for errors.
        target: as for `install`.
        force: as for `install`.

    Raises:
        InstallError: the installer refused; its words are in the message.
        MissingExtraError: there is neither uv nor pip.
    """
    program = installer()
    _log.info("installing %d wheels of %s by %s", len(wheels), path, program.name)
    for wheel in wheels:
        _log.info("  %s", wheel.name)
    run = _Run(program, str(path), wheels)
    if target is None:
        run("--dry-run")
        run("--no-deps", *([program.forces] if force else []))
    else:
        _fill(local_path(target), run, _over_what_is_there(program, force=force))
    importlib.invalidate_caches()
    names = tuple(wheel.name for wheel in wheels)
    return Installed(wheels=names, target="" if target is None else os.fspath(target), installer=program.name)


def _fill(folder: Path, run: _Run, options: Sequence[str]) -> None:
    """Install into a folder; one that was not there before is there afterwards only if that went well."""
    is_new = not folder.exists()
    try:
        run("--no-deps", "--target", str(folder), *options)
    except InstallError:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _over_what_is_there(program: Installer, *, force: bool) -> tuple[str, ...]:
    """Pip leaves what is in a target folder alone unless it is to upgrade, whatever the versions."""
    if not force:
        return ()
    return ("--upgrade", program.forces) if program.name == "pip" else (program.forces,)


def installer() -> Installer:
    """uv, which is many times as fast; else the pip of this interpreter.

    Raises:
        MissingExtraError: there is neither.
    """
    try:
        # Its cache would only hold once more what lies in the wheelhouse.
        uses = ("--python", sys.executable, "--no-cache", "--no-config", "--no-progress")
        return Installer("uv", (find_uv(), "pip", "install", *uses), "--reinstall")
    except MissingExtraError:
        if not importlib.util.find_spec("pip"):
            raise
    quietly = ("--isolated", "--no-input", "--disable-pip-version-check")
    command = (sys.executable, "-m", "pip", *quietly, "install", "--no-warn-script-location")
    return Installer("pip", command, "--force-reinstall")


class _Run(NamedTuple):
    """Runs an installer on some wheels."""

    program: Installer
    path: str
    wheels: Sequence[Path]

    def __call__(self, *options: str) -> None:
        places = ("--no-index", "--find-links", str(self.wheels[0].parent), "--only-binary", ":all:")
        command = (*self.program.command, *places, *options, *map(self.program.asked, self.wheels))
        # pip is told by --isolated; uv has nothing like it for variables that say where from, what or how strictly.
        environment = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith("UV_")}
        ended = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        if ended.returncode:
            said = ended.stderr.strip() or ended.stdout.strip() or "it said nothing"
            shown = "\n".join(f"  {line}" for line in said.splitlines()[-_SHOWN:])
            raise InstallError(self.path, installer=self.program.name, code=ended.returncode, said=shown)
        for line in ended.stderr.splitlines():
            _log.debug("%s: %s", self.program.name, line)
