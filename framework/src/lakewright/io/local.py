"""The built-in target `local`: this machine, the pipeline's own data, outputs below the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lakewright.model.target import TargetValues

PIPELINE_FILE: Final = "databricks.yml"
PROJECT_FILE: Final = "targets.yml"
ROOT: Final = ".lakewright"


def local_target(file: str | None) -> TargetValues:
    """The local target of the pipeline folder that `file` lies in.

    Outside of a repository the data lie beside the file and outputs below the working directory.
    """
    start = Path(file).resolve().parent if file else Path.cwd()
    pipeline = find_above(start, PIPELINE_FILE)
    project = find_above(start, PROJECT_FILE) or pipeline or Path.cwd()
    return TargetValues(
        name="local",
        root=str(project / ROOT),
        data=str((pipeline or start) / "data"),
        catalog="local",
        schema=pipeline.name if pipeline else "local",
    )


def find_above(start: Path, name: str) -> Path | None:
    """The nearest folder from `start` upwards that holds a file of this name."""
    return next((folder for folder in (start, *start.parents) if (folder / name).is_file()), None)
