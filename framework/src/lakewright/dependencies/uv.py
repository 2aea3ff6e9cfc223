"""uv, as a program that is called: one place that finds it, runs it and hides credentials in what it says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Final, NamedTuple

from lakewright.dependencies.environment import lean
from lakewright.errors.project import MissingExtraError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lakewright.dependencies.index import Index

# A Python that is missing is said, not downloaded; what uv says is read by us, and broken into lines where it is shown.
_ALWAYS: Final = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1", "COLUMNS": "1000"}


class Ended(NamedTuple):
    """How a call of uv ended."""

    code: int
    output: str
    errors: str


def find_uv() -> str:
    """The program: of the package `uv`, else on the PATH.

    Raises:
        MissingExtraError: there is none.
    """
    try:
        from uv import find_uv_bin

        return find_uv_bin()
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if found is None:
        raise MissingExtraError("uv", extra="wheelhouse", purpose="resolving and building wheels")
    return found


def uv(
    *arguments: str,
    index: Index,
    cwd: Path,
    python: str = sys.executable,
    variables: Mapping[str, str] | None = None,
) -> Ended:
    """Run uv to its end.

    Args:
        arguments: its command line.
        index: where packages come from.
        cwd: where it stands.
        python: the interpreter that it works with.
        variables: more of the environment.
    """
    # It builds what others have written, sources and projects, and hands its own environment on to it.
    environment = {**lean(index.environment), **_ALWAYS, "UV_PYTHON": python, **index.variables, **(variables or {})}
    ended = subprocess.run(
        [find_uv(), *arguments], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return Ended(ended.returncode, ended.stdout, index.hidden(ended.stderr))
