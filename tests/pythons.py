"""The Pythons of this machine that the package supports."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

MINORS: Final = ("3.10", "3.11", "3.12", "3.13")
SAY_MINOR: Final = "import sys; print('{}.{}'.format(*sys.version_info))"


@cache
def find_pythons() -> dict[str, str]:
    """Interpreters by minor version: the one that runs this, those on the PATH, those of pyenv."""
    found: dict[str, str] = {}
    for candidate in _candidates():
        minor = _minor(candidate)
        if minor in MINORS:
            found.setdefault(minor, candidate)
    return {minor: found[minor] for minor in MINORS if minor in found}


def _candidates() -> Iterator[str]:
    yield sys.executable
    yield from filter(None, (shutil.which(f"python{minor}") for minor in MINORS))
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(root.glob("versions/3.1*/bin/python3")))


def _minor(interpreter: str) -> str:
    """Its version; empty for what only looks like an interpreter, such as a shim of pyenv."""
    try:
        result = subprocess.run([interpreter, "-c", SAY_MINOR], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""
