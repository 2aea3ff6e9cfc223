"""The Pythons of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.dependencies.uv import uv

if TYPE_CHECKING:
    from lakewright.dependencies.index import Index


def find_python(version: str, index: Index) -> str | None:
    """An interpreter of this minor version, as uv finds it, or pyenv has it; none is downloaded."""
    ended = uv("python", "find", "--no-project", version, index=index, cwd=Path.cwd(), python=version)
    if ended.code == 0:
        return ended.output.strip()
    root = Path(index.environment.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = sorted(root.glob(f"versions/{version}*/bin/python{version}"))
    return str(found[-1]) if found else None
