"""`lakewright show`: the picture of a DAG."""

from __future__ import annotations

from pathlib import Path

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.output import out
from lakewright.diagrams.formats import render
from lakewright.project import discovery


def show(reference: options.Reference = None, *, form: options.Picture = "tree") -> None:
    """Draw the DAG of jobs; no task runs.

    Examples: `lakewright show delays`, `lakewright show delays --format html > delays.html`
    """
    for found in discovery.resolve(reference, Path.cwd()):
        # To the letter: a page names its scripts by their digests.
        out.file.write(render(found.job.definition, form))
