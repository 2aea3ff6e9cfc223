"""Installing wheels for real, and importing from them in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from uv import find_uv_bin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def install(wheels: Iterable[Path], target: Path) -> Path:
    """A folder that the wheels are installed to by uv, without an index."""
    options = ("--no-index", "--no-deps", "--quiet", f"--python={sys.executable}", f"--target={target}")
    subprocess.run([find_uv_bin(), "pip", "install", *options, *map(str, wheels)], check=True)
    return target


def run(code: str, *paths: Path) -> str:
    """What Python code prints that finds its modules below these paths."""
    setup = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n"
    command = [sys.executable, "-I", "-W", "error", "-c", setup + code]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
