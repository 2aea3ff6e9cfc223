"""What the process of a task finds around it."""

from __future__ import annotations

import os
import sys


def process_environment() -> dict[str, str]:
    """Variables of a process that finds the modules that this one finds, and writes logs as they are read.

    That is encoded and flushed: while the process runs, and whatever the locale.
    """
    # An empty entry is the working directory, and stays what it is now even if a task moves to another.
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109  text paths, as in io
    return {**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
