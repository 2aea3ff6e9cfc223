"""Generated job definitions as a value: path → text."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from lakewright.databricks.jobs import job_definition
from lakewright.databricks.tasks import ENTRY_POINT
from lakewright.model.names import resource_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lakewright.model.job import JobDefinition


def job_files(jobs: Sequence[JobDefinition]) -> Mapping[str, str]:
    """One JSON file for each job, named by its key in the bundle."""
    return {f"{resource_key(job.name)}.json": json.dumps(job_definition(job), indent=2) + "\n" for job in jobs}


def write(files: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Write files into a folder and remove generated ones of jobs that are no more; the names of those removed.

    The only writer of generated output.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    stale = tuple(name for name in _generated(folder) if name not in files)
    for name in stale:
        (folder / name).unlink()
    return stale


def _generated(folder: Path) -> tuple[str, ...]:
    """Names of the files in a folder that are generated definitions; what is not is somebody's own."""
    texts = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.json"))}
    return tuple(name for name, text in texts.items() if _is_generated(text))


def _is_generated(text: str) -> bool:
    try:
        content = json.loads(text)
        return any(task["python_wheel_task"]["entry_point"] == ENTRY_POINT for task in content["tasks"])
    except (ValueError, TypeError, LookupError):
        return False


def differences(files: Mapping[str, str], folder: Path) -> str:
    """A unified diff from what is on disk to what would be written or removed; empty when they are equal."""
    lines: list[str] = []
    for name in sorted({*files, *_generated(folder)}):
        path = folder / name
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        new = files.get(name, "")
        lines.extend(
            difflib.unified_diff(
                old.splitlines(keepends=True), new.splitlines(keepends=True), str(path), f"generated/{name}"
            )
        )
    return "".join(lines)
