"""Trying a wheelhouse out: installed into a fresh environment of the target's Python, every module imported."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from lakewright.dependencies.contents import REQUIREMENTS
from lakewright.dependencies.index import Index
from lakewright.dependencies.interpreters import find_python
from lakewright.dependencies.uv import uv
from lakewright.dependencies.wheel import check_contents, read_wheel
from lakewright.dependencies.wheelhouse import check_files
from lakewright.errors.wheels import WheelhouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.dependencies.contents import Wheelhouse
    from lakewright.dependencies.platforms import WheelTarget

# One module a line, as it is begun and as it has ended: what kills the interpreter is known by its missing end.
_IMPORT: Final = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
        said = ""
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
    print("\\n" + sys.argv[2] + json.dumps([name, said]), flush=True)
"""
_SECONDS: Final = 300
_SOURCES: Final = ("PIP_", "PYTHON", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX", "UV_FIND_LINKS", "UV_INDEX")


class Refused(NamedTuple):
    """A module that does not import, and why."""

    wheel: str
    module: str
    why: str


class Verified(NamedTuple):
    """What a trial of a wheelhouse gave.

    Attributes:
        imported: modules that import, by name.
        refused: modules that do not.
        not_tried: why nothing was installed; empty if it was.
    """

    imported: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    not_tried: str = ""


def verify(wheelhouse: Wheelhouse, *, index: Index | None = None) -> Verified:
    """What installing a wheelhouse and importing all of it gives, on the target's Python if this machine has it.

    Raises:
        WheelhouseError: it is not whole, or cannot be installed.
        WheelError: a file in a wheel is not as the wheel's record says.
    """
    index = _apart(index or Index())
    check_files(wheelhouse)
    wheels = [read_wheel(path) for path in wheelhouse.files]
    for wheel in wheels:
        check_contents(wheel)
    python = find_python(wheelhouse.target.python, index)
    why = _impossible(wheelhouse.target, python)
    if why or python is None:
        return Verified(not_tried=why)
    owners = {module: wheel.name for wheel in wheels for module in wheel.modules}
    with TemporaryDirectory(prefix="lakewright-verify-") as scratch:
        return _trial(wheelhouse, owners, python, place=Path(scratch), index=index)


def _apart(index: Index) -> Index:
    """Nowhere to take packages from but the wheelhouse, whatever this environment says."""
    kept = {name: value for name, value in index.environment.items() if not name.startswith(_SOURCES)}
    return Index(no_index=True, environment=kept)


def _impossible(target: WheelTarget, python: str | None) -> str:
    if sys.platform != "linux" or platform.machine() != target.platform:
        return f"this machine is {platform.system()} {platform.machine()}, the wheels are for Linux {target.platform}"
    if python is None:
        return f"this machine has no Python {target.python}; `uv python install {target.python}` brings one"
    return ""


def _trial(wheelhouse: Wheelhouse, owners: dict[str, str], python: str, *, place: Path, index: Index) -> Verified:
    environment = place / "environment"
    steps = (
        ("venv", "--quiet", str(environment)),
        ("pip", "install", "--quiet", f"--python={environment}", "--requirement", str(wheelhouse.path / REQUIREMENTS)),
    )
    for step in steps:
        ended = uv(*step, index=index, cwd=wheelhouse.path, python=python)
        if ended.code:
            raise WheelhouseError(
                f"the wheelhouse {wheelhouse.path.name[:12]} cannot be installed on {wheelhouse.target}",
                hint=ended.errors.strip(),
            )
    said = dict(_imports(environment, sorted(owners), place))
    refused = [Refused(owners[name], name, why) for name, why in said.items() if why]
    return Verified(tuple(name for name, why in said.items() if not why), tuple(refused))


def _imports(environment: Path, modules: list[str], place: Path) -> Iterator[tuple[str, str]]:
    """What importing each module says; nothing if all is well. Modules after one that kills Python are tried anew."""
    left = list(modules)
    # Modules may print what they like.
    mark = f"@{token_hex(8)}"
    while left:
        command = [str(environment / "bin" / "python"), "-I", "-c", _IMPORT, json.dumps(left), mark]
        try:
            ended = subprocess.run(
                command,
                cwd=place,
                env={"PATH": "/usr/bin:/bin", "HOME": str(place)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_SECONDS,
            )
            output, code = ended.stdout, f"it ended Python with {ended.returncode}"
        except subprocess.TimeoutExpired as error:
            output, code = _text(error.stdout), f"it did not end in {_SECONDS} s"
        done = [json.loads(line.removeprefix(mark)) for line in output.splitlines() if line.startswith(mark)]
        yield from ((name, why) for name, why in done)
        left = left[len(done) :]
        if left:
            yield left.pop(0), code


def _text(output: bytes | str | None) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""
