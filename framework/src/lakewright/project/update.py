"""A newer version of the template: copier merges it, uv locks again, and what both sides changed is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from lakewright.errors.updating import ToolError, UpdateError
from lakewright.project.update_pins import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Tell = Callable[[str], None]

ANSWERS: Final = ".copier-answers.yml"
_MARKERS: Final = (b"<<<<<<< ", b">>>>>>> ")
_COPIER: Final = (sys.executable, "-m", "copier")
_TIMEOUT: Final = 600
# As shells and `timeout` say it.
_NOT_THERE: Final = 127
_TOO_LONG: Final = 124


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """A version of the template that is newer than that of the repository."""

    present: str
    newest: str


def find_newer(root: Path) -> Newer | None:
    """The newest version of the template; None if the repository has it.

    Raises:
        UpdateError: the repository was not made by copier, copier is missing, or the template cannot be read.
    """
    if not (root / ANSWERS).is_file():
        raise UpdateError(
            f"{root} has no {ANSWERS}: copier does not know which template it was made from",
            hint="Only a repository that `copier copy` has made can be updated.",
        )
    if find_spec("copier") is None:
        raise UpdateError(
            "an update needs the package 'copier'", hint="It is in a group: uv run --group update lakewright update"
        )
    said = json.loads(run(root, *_COPIER, "check-update", "--output-format", "json"))
    if not said["update_available"]:
        return None
    return Newer(present=str(said["current_version"]), newest=str(said["latest_version"]))


def update(root: Path, tell: Tell) -> tuple[str, ...]:
    """Merge the newest version of the template into a work tree, and lock again; the files that conflict.

    A pin that both sides have moved on gets the newer version. The lock is left alone where files conflict: uv could
    not read them.

    Raises:
        UpdateError: the work tree is not clean, or a program fails.
    """
    changed = run(root, "git", "status", "--porcelain").splitlines()
    if changed:
        raise UpdateError(
            f"{root} has changes that are not committed, {changed[0].strip()} first", hint="Commit them, or stash them."
        )
    tell("$ copier update")
    run(root, *_COPIER, "update", "--defaults", "--quiet")
    found = tuple(name for name in conflicts(root) if not _settle(root, name))
    if not found:
        tell("$ uv lock")
        run(root, "uv", "lock")
    return found


def _settle(root: Path, name: str) -> bool:
    """Whether nothing is left to decide on in a file, once pins have their newer versions."""
    path = root / name
    if path.suffix == ".rej" or not path.is_file():
        return False
    before = path.read_bytes()
    after = settled(before.decode("utf-8", errors="surrogateescape")).encode("utf-8", errors="surrogateescape")
    if after == before:
        return False
    path.write_bytes(after)
    if _is_open(path, is_unmerged=False):
        return False
    run(root, "git", "add", "--", name)
    return True


def conflicts(root: Path) -> tuple[str, ...]:
    """The files that an update has left for people to decide on: unmerged, with markers, or with rejected hunks."""
    unmerged = run(root, "git", "diff", "--name-only", "--diff-filter=U", "-z").split("\0")
    changed = run(root, "git", "ls-files", "--modified", "--others", "--exclude-standard", "-z").split("\0")
    return tuple(
        sorted({name for name in (*unmerged, *changed) if name and _is_open(root / name, is_unmerged=name in unmerged)})
    )


def _is_open(path: Path, *, is_unmerged: bool) -> bool:
    if is_unmerged or path.suffix == ".rej":
        return True
    if not path.is_file():
        return False
    return any(line.startswith(_MARKERS) for line in path.read_bytes().splitlines())


def run(folder: Path, *command: str, environment: Mapping[str, str] | None = None) -> str:
    """What a program says.

    Raises:
        ToolError: it ends with an error or not at all, or is not there.
    """
    shown = " ".join(command).removeprefix(f"{sys.executable} -m ")
    # A lock that is out of date is what an update is about.
    variables = {name: value for name, value in os.environ.items() if name not in {"UV_FROZEN", "UV_LOCKED"}}
    variables |= {"GIT_TERMINAL_PROMPT": "0", "UV_PYTHON_DOWNLOADS": "never", **(environment or {})}
    try:
        done = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except OSError as error:
        raise ToolError(shown, code=_NOT_THERE, said=str(error)) from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(shown, code=_TOO_LONG, said=f"It did not end within {_TIMEOUT} s.") from error
    if done.returncode:
        raise ToolError(shown, code=done.returncode, said=done.stderr or done.stdout)
    return done.stdout
