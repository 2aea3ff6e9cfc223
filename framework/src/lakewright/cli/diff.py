"""`lakewright diff`: what a change makes of the jobs that are deployed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Optional

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import say
from lakewright.project.repository import Repository


def diff(
    pipelines: Annotated[
        Optional[list[str]], typer.Argument(metavar="PIPELINE…", help="By default all that are affected.")  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
    ] = None,
    *,
    base: Annotated[str, typer.Option(metavar="REV", help="A branch, tag or commit to compare with.")],
    target: Annotated[
        Optional[str], typer.Option(metavar="NAME", help="The target to generate for; by default the first.")  # noqa: UP045  as above
    ] = None,
    form: options.Form = "text",
) -> int:
    """Show what a change makes of jobs: which jobs and tasks are new, changed, renamed, removed, field by field.

    The jobs of both revisions are generated and compared; those of REV by its own framework. Nothing is deployed.

    Examples: `lakewright diff --base origin/main`, `lakewright diff flights --base v1.2 --format markdown`
    """
    from lakewright.project.diff import diff as compared
    from lakewright.project.diff_forms import diff_markdown, diff_text

    report = compared(Repository.around(Path.cwd()).root, base, pipelines or (), target=target)
    if form == "json":
        say(json.dumps(asdict(report), indent=2, ensure_ascii=False))
    else:
        say((diff_markdown if form == "markdown" else diff_text)(report), end="")
    return FAILED if any(each.error for each in report.pipelines) else DONE
