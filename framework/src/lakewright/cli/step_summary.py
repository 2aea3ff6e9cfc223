"""What a step of a workflow on GitHub shows on the page of its run."""

from __future__ import annotations

import os
from pathlib import Path


def add_to_summary(markdown: str) -> bool:
    """Add to the page of the workflow's run; whether there is one."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return False
    with Path(file).open("a", encoding="utf-8") as opened:
        opened.write(markdown)
    return True
