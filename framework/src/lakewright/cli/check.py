"""`lakewright check`: all that a deployment would fail on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.findings import FORMATS, render_findings
from lakewright.cli.output import say
from lakewright.errors.project import UsageError
from lakewright.model import validation
from lakewright.project.bundle_names import check_bundle_names
from lakewright.project.check import check_pipeline, check_targets
from lakewright.project.moved import check_moves
from lakewright.project.repository import Repository
from lakewright.project.secrets import check_secrets
from lakewright.project.static import check_statically
from lakewright.project.vendored import check_framework


def check(
    pipelines: options.Pipelines = None,
    *,
    form: options.Findings = "text",
    static: options.Static = False,
    base: options.MovedSince = None,
    only_repository: Annotated[
        bool,
        typer.Option(
            "--repository",
            help="Look only for secrets in files, bundles of one name and edits in framework/: runs no code.",
        ),
    ] = False,
) -> int:
    """Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once.

    Secrets in files or definitions are found too, pipelines whose bundles have one name, and hand edits in framework/.

    Examples: `lakewright check`, `lakewright check flights --format json`, `lakewright check --static`,
    `lakewright check --base main`, `lakewright check --repository`
    """
    if only_repository and pipelines:
        raise UsageError("--repository is about no pipeline", hint="Leave the names out, or --repository.")
    here = Path.cwd()
    repository = Repository.around(here)
    found = [
        *check_bundle_names(repository.pipelines),
        *check_secrets(repository.root),
        *check_framework(repository.root),
    ]
    if not only_repository:
        folders = [repository.pipeline(name) for name in pipelines] if pipelines else repository.here(here)
        look = check_statically if static else check_pipeline
        found += check_targets(repository.root)
        found += (finding for folder in folders for finding in look(folder))
        found += check_moves(repository.root, folders, base) if base else ()
    say(render_findings(found, FORMATS[form]), end="")
    return FAILED if validation.errors(found) else DONE
