"""The two streams that the command line writes to, and how it shows places."""

from __future__ import annotations

import os
import sys
from typing import Final

from rich.console import Console

# Logs and files have no edge to keep to, but for the one that people scroll by.
_WIDTH_OF_LOGS: Final = 140

# A name such as `:rocket:` stays what it is.
out: Final = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_LOGS, emoji=False)
errors: Final = Console(stderr=True, soft_wrap=True, emoji=False)


def say(text: str, style: str = "", *, end: str = "\n") -> None:
    """Print a text to the letter: nothing of it is markup, and no line is broken."""
    out.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True, end=end)


def complain(error: Exception) -> None:
    """Print what went wrong, on the stream for it."""
    errors.print(str(error), style="red", markup=False, highlight=False)


def complain_of(text: str) -> None:
    """Print what a person should know, on the stream that no program reads."""
    errors.print(text, markup=False, highlight=False)


def shown_path(path: str) -> str:
    """A path relative to the working directory where it lies below it."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
