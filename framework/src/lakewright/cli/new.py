"""`lakewright new`: one more pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli.output import say
from lakewright.project.new import new_pipeline
from lakewright.project.repository import Repository


def new(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Lower-case letters, digits and `_`: also the name of its package."),
    ],
) -> None:
    """Add a pipeline that runs: `pipelines/NAME/` with a job, two tasks and their tests.

    Example: `lakewright new sales`
    """
    repository = Repository.around(Path.cwd())
    written = new_pipeline(repository, name)
    for file in written:
        say(f"  {file.relative_to(repository.root)}")
    say(f"\nRun it:  nox -s local -- {name}")
