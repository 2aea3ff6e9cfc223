"""What a run knows of the environment it runs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValues:
    """One target as tasks see it.

    Attributes:
        name: `local`, `dev`, `prod` …
        root: folder (or volume path) under which outputs are kept.
        data: folder of the pipeline's input data.
    """

    name: str = "local"
    root: str = ".lakewright"
    data: str = "data"
    catalog: str = "local"
    schema: str = "local"


LOCAL: Final = TargetValues()
# Databricks sets this variable on all of its compute.
ON_PLATFORM: Final = "DATABRICKS_RUNTIME_VERSION"
