"""`lakewright show`: the picture of a DAG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.output import out
from lakewright.diagrams.formats import render
from lakewright.project import discovery

if TYPE_CHECKING:
    from lakewright.model.job import JobDefinition


def show(
    reference: options.Reference = None, *, form: options.Picture = "tree", static: options.Static = False
) -> None:
    """Draw the DAG of jobs; no task runs.

    Examples: `lakewright show delays`, `lakewright show delays --format html > delays.html`,
    `lakewright show delays --static`
    """
    for definition in _definitions(reference, static=static):
        # To the letter: a page names its scripts by their digests.
        out.file.write(render(definition, form))


def _definitions(reference: str | None, *, static: bool) -> list[JobDefinition]:
    if not static:
        return [found.job.definition for found in discovery.resolve(reference, Path.cwd())]
    from lakewright.project.static import resolve_statically

    return [found.definition for found in resolve_statically(reference, Path.cwd())]
