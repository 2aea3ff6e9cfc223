"""What a step of a workflow on GitHub shows on the page of its run."""

from __future__ import annotations

import os
from pathlib import Path


def add_to_summary(markdown: str) -> None:
    """Add to the page of the workflow's run; outside of a workflow nothing is done."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.write(markdown if markdown.endswith("\n") else f"{markdown}\n")
