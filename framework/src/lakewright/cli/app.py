"""The commands; each finds what it needs, calls the floor below, and prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from lakewright.cli import options  # noqa: TC001  typer reads annotations at run time
from lakewright.cli.definitions import jobs
from lakewright.cli.exits import DONE, FAILED, INTERRUPTED, MISUSED
from lakewright.cli.findings import FORMATS, render_findings
from lakewright.cli.output import complain, out, say
from lakewright.cli.run import run_command
from lakewright.cli.runs import runs
from lakewright.cli.scheduling import schedule
from lakewright.diagrams.formats import render
from lakewright.errors.authoring import ParameterError, SelectionError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, MissingExtraError, UsageError
from lakewright.errors.running import MissingInputError, ResumeError
from lakewright.model import validation
from lakewright.project import discovery
from lakewright.project.check import check_pipeline, check_targets
from lakewright.project.new import new_pipeline
from lakewright.project.repository import Repository

app = typer.Typer(
    name="lakewright",
    help="Databricks pipelines from plain Python functions: run them here, see them, check them, deploy them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run_command)
app.command("schedule")(schedule)
app.add_typer(runs)

_WRONG_CALL = (UsageError, ResumeError, MissingInputError, SelectionError, LoadError, ParameterError, MissingExtraError)


def run() -> int:
    """Run the command line; the exit code. Errors go to stderr: where, what, the way out."""
    # Modules of scripts that are named as FILE.py:NAME, and of pipelines that are not installed, are found from here.
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        code = app(standalone_mode=False)
    except LakewrightError as error:
        complain(error)
        return MISUSED if isinstance(error, _WRONG_CALL) else FAILED
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a usage error of the command-line library
            error.show()
            return int(error.exit_code)
        raise
    return code if isinstance(code, int) else DONE


@app.command()
def show(reference: options.Reference = None, *, form: options.Picture = "tree") -> None:
    """Draw the DAG of jobs; no task runs.

    Examples: `lakewright show delays`, `lakewright show delays --format html > delays.html`
    """
    for found in discovery.resolve(reference, Path.cwd()):
        # To the letter: a page names its scripts by their digests.
        out.file.write(render(found.job.definition, form))


@app.command()
def check(pipelines: options.Pipelines = None, *, form: options.Findings = "text") -> int:
    """Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once.

    Examples: `lakewright check`, `lakewright check flights --format json`, `lakewright check --format github`
    """
    here = Path.cwd()
    repository = Repository.around(here)
    folders = [repository.pipeline(name) for name in pipelines] if pipelines else repository.here(here)
    found = (*check_targets(repository.root), *(finding for folder in folders for finding in check_pipeline(folder)))
    say(render_findings(found, FORMATS[form]), end="")
    return FAILED if validation.errors(found) else DONE


app.command("jobs")(jobs)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and `_`: also the name of its package.")],
) -> None:
    """Add a pipeline that runs: `pipelines/NAME/` with a job, two tasks and their tests.

    Example: `lakewright new sales`
    """
    repository = Repository.around(Path.cwd())
    written = new_pipeline(repository, name)
    for file in written:
        say(f"  {file.relative_to(repository.root)}")
    say(f"\nRun it:  nox -s local -- {name}")
