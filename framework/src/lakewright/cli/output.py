"""The two streams that the command line writes to, and how it shows places."""

from __future__ import annotations

import os
from typing import Final

from rich.console import Console

out: Final = Console()
errors: Final = Console(stderr=True, soft_wrap=True)


def shown_path(path: str) -> str:
    """A path relative to the working directory where it lies below it."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
