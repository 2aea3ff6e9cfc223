"""`lakewright check`: all that a deployment would fail on."""

from __future__ import annotations

from pathlib import Path

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.findings import FORMATS, render_findings
from lakewright.cli.output import say
from lakewright.model import validation
from lakewright.project.bundle_names import check_bundle_names
from lakewright.project.check import check_pipeline, check_targets
from lakewright.project.repository import Repository
from lakewright.project.secrets import check_secrets


def check(pipelines: options.Pipelines = None, *, form: options.Findings = "text") -> int:
    """Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once.

    Examples: `lakewright check`, `lakewright check flights --format json`, `lakewright check --format github`
    """
    here = Path.cwd()
    repository = Repository.around(here)
    folders = [repository.pipeline(name) for name in pipelines] if pipelines else repository.here(here)
    found = (
        *check_targets(repository.root),
        *check_bundle_names(repository.pipelines),
        *check_secrets(repository.root),
        *(finding for folder in folders for finding in check_pipeline(folder)),
    )
    say(render_findings(found, FORMATS[form]), end="")
    return FAILED if validation.errors(found) else DONE
