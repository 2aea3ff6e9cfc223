"""Generated job definitions as a value: path → text."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from lakewright.databricks.jobs import job_definition
from lakewright.databricks.pydabs import resource_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition


def job_files(jobs: Sequence[JobDefinition]) -> Mapping[str, str]:
    """One JSON file for each job, named by its key in the bundle."""
    return {f"{resource_key(job)}.json": json.dumps(job_definition(job), indent=2) + "\n" for job in jobs}


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write files into a folder; the only writer of generated output."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def differences(files: Mapping[str, str], folder: Path) -> str:
    """A unified diff from what is on disk to what would be written; empty when they are equal."""
    lines: list[str] = []
    for name in sorted({*files, *(path.name for path in folder.glob("*.json"))}):
        path = folder / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        new = files.get(name, "")
        lines.extend(
            difflib.unified_diff(
                old.splitlines(keepends=True), new.splitlines(keepends=True), str(path), f"generated/{name}"
            )
        )
    return "".join(lines)
