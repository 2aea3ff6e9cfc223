"""The formats that a DAG can be shown in."""

from __future__ import annotations

import json
from typing import Final

from lakewright.diagrams.mermaid import mermaid
from lakewright.diagrams.tree import tree
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.job import JobDefinition


def _json(job: JobDefinition) -> str:
    return json.dumps(json.loads(job.dag.to_json()), indent=2) + "\n"


FORMATS: Final[Mapping[str, Callable[[JobDefinition], str]]] = {
    "tree": tree,
    "mermaid": lambda job: mermaid(job.dag),
    "json": _json,
}


def render(job: JobDefinition, name: str) -> str:
    """A job in one of the formats.

    Raises:
        ValueError: there is no such format.
    """
    if name not in FORMATS:
        message = f"unknown format '{name}'{did_you_mean(name, FORMATS)}"
        raise ValueError(message)
    return FORMATS[name](job)
