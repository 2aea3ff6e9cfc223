"""The Databricks CLI: which one is on the path, what it is asked, and what its refusals mean."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.errors.deploying import CliFailedError, NoCliError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROGRAM: Final = "databricks"
_VERSION: Final = re.compile(r"v?(\d+\.\d+\.\d+\S*)")
DENIED: Final = re.compile(r"\b403\b|PERMISSION_DENIED|does not have \S+ permission", re.IGNORECASE)
# How Python says that a package is not installed.
ABSENT: Final = re.compile(r"No module named|ModuleNotFoundError")
# What is said, in the order of what it is most likely about, and the way out.
_WAYS_OUT: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (
        re.compile(r"deploy(ment)? lock", re.IGNORECASE),
        (
            "Another deploy is under way, or one was cut off: wait for it. If there is none, once by hand, in the\n"
            "folder of the pipeline: databricks bundle deploy --target {target} --force-lock"
        ),
    ),
    (
        re.compile(r"\b401\b|credentials|federation|invalid_client|UNAUTHENTICATED", re.IGNORECASE),
        "The sign-in failed: `lakewright doctor --target {target}` looks for the reason.",
    ),
    (DENIED, "The principal lacks a permission: docs/set-up.md lists all that it needs."),
    (
        re.compile(r"no such host|dial tcp|connection refused|i/o timeout", re.IGNORECASE),
        "Is the host of '{target}' in targets.yml right, and is there a network?",
    ),
    (
        re.compile(r"\b429\b|\b50[0234]\b|REQUEST_LIMIT_EXCEEDED|TEMPORARILY_UNAVAILABLE|INTERNAL_ERROR"),
        "The workspace does not answer for now; nothing is wrong here. Try again.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleCli:
    """The Databricks CLI, as the commands of a bundle.

    Attributes:
        program: the executable.
        tell: gets each command before it runs, as it can be typed, and each line that it prints.
        environment: of its processes, besides what this one has.
    """

    program: str
    tell: Callable[[str], None] = field(repr=False, compare=False)
    environment: Mapping[str, str] = field(default_factory=dict)

    def answer(self, folder: Path, *words: str, target: str) -> str:
        """What `databricks bundle WORDS --target TARGET` answers a program; what it says besides is told.

        Raises:
            CliFailedError: it fails.
        """
        command = self._command(words, target)
        self.tell(f"$ {shown(command)}")
        ended = subprocess.run(
            [self.program, *command[1:]],
            cwd=folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if ended.returncode:
            raise failed(command, ended.stderr or ended.stdout, target=target)
        for line in filter(str.strip, ended.stderr.splitlines()):
            self.tell(f"  {line}")
        return ended.stdout

    def do(self, folder: Path, *words: str, target: str) -> None:
        """Carry out `databricks bundle WORDS --target TARGET`, and tell what it prints as it prints it.

        Raises:
            CliFailedError: it fails.
        """
        command = self._command(words, target)
        self.tell(f"$ {shown(command)}")
        lines: list[str] = []
        with subprocess.Popen(
            [self.program, *command[1:]],
            cwd=folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ) as process:
            try:
                for line in process.stdout or ():
                    self.tell(f"  {line.rstrip()}")
                    lines.append(line)
            except KeyboardInterrupt:
                # It has got the signal too, and gives its lock back before it ends.
                process.wait()
                raise
        if process.returncode:
            raise failed(command, "".join(_errors(lines)), target=target)

    def _command(self, words: Sequence[str], target: str) -> list[str]:
        verb, *rest = words
        return [PROGRAM, "bundle", verb, "--target", target, *rest]

    def _environment(self) -> dict[str, str]:
        # The CLI runs the `python3` that it finds first, and that must be the one which has the pipelines.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path, **self.environment}


def find_cli(tell: Callable[[str], None]) -> BundleCli:
    """The Databricks CLI that is on the path, in the version that the bundles are made for.

    Raises:
        NoCliError: there is none, or it is of another version.
    """
    wanted = version("databricks-bundles")
    place = shutil.which(PROGRAM)
    if place is None:
        raise NoCliError.absent(wanted)
    found = cli_version(place)
    if found != wanted:
        raise NoCliError.other(found, version=wanted, place=place)
    return BundleCli(program=place, tell=tell)


def cli_version(place: str) -> str:
    """The version that an executable says it is; what it says instead if that is none."""
    try:
        said = subprocess.run([place, "--version"], capture_output=True, encoding="utf-8", check=False)
    except OSError as error:
        return str(error)
    found = _VERSION.search(said.stdout)
    return found[1] if found else f"unknown ({(said.stdout or said.stderr).strip()[:80]})"


def shown(command: Sequence[str]) -> str:
    """A command as it can be typed.

    >>> shown(["databricks", "bundle", "plan", "--target", "my target"])
    "databricks bundle plan --target 'my target'"
    """
    return shlex.join(command)


def failed(command: Sequence[str], said: str, *, target: str) -> CliFailedError:
    """The error of a command that failed, with the way out that fits what it said."""
    hint = next((hint for pattern, hint in _WAYS_OUT if pattern.search(said)), "")
    return CliFailedError(shown(command), said, hint=hint.format(target=target))


def _errors(lines: Sequence[str]) -> Sequence[str]:
    """What was printed from the first error on; all of it if nothing is called one."""
    first = next((index for index, line in enumerate(lines) if line.startswith("Error")), 0)
    return lines[first:]
