"""The commands; each finds what it needs, calls the floor below, and prints."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import typer

from lakewright.cli.findings import FORMATS as FINDING_FORMATS
from lakewright.cli.findings import render_findings
from lakewright.cli.output import errors, out
from lakewright.cli.running import run_jobs
from lakewright.cli.runs import runs
from lakewright.diagrams.formats import render
from lakewright.errors.authoring import ParameterError, SelectionError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, MissingExtraError, UsageError
from lakewright.errors.running import MissingInputError, ResumeError
from lakewright.model import validation
from lakewright.project import discovery
from lakewright.project.check import check_jobs, check_pipeline, check_targets
from lakewright.project.new import new_pipeline
from lakewright.project.repository import Repository
from lakewright.project.runs import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(
    name="lakewright",
    help="Databricks pipelines from plain Python functions: run them here, see them, check them, deploy them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(runs)

_WRONG_CALL = (UsageError, ResumeError, MissingInputError, SelectionError, LoadError, ParameterError, MissingExtraError)
_DONE, _FAILED, _MISUSED, _INTERRUPTED = 0, 1, 2, 130

Reference = Annotated[
    Optional[str],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
    typer.Argument(
        metavar="[REF]",
        help="`flights` (every job of a pipeline), `flights.jobs:delays`, `delays`, or `FILE.py:NAME`. "
        "None: every job of the pipeline folder you stand in, or of all pipelines.",
    ),
]


def run() -> int:
    """Run the command line; the exit code. Errors go to stderr: where, what, the way out."""
    # Modules of scripts that are named as FILE.py:NAME, and of pipelines that are not installed, are found from here.
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        code = app(standalone_mode=False)
    except LakewrightError as error:
        errors.print(str(error), style="red", markup=False, highlight=False)
        return _MISUSED if isinstance(error, _WRONG_CALL) else _FAILED
    except (typer.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a usage error of the command-line library
            error.show()
            return int(error.exit_code)
        raise
    return code if isinstance(code, int) else _DONE


@app.command("run")
def run_command(
    reference: Reference = None,
    *,
    parameter: Annotated[
        Optional[list[str]],  # noqa: UP045  typer reads annotations at run time, on Python 3.10 too
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A job parameter; may be repeated."),
    ] = None,
    target: Annotated[
        str, typer.Option(help="The target whose values tasks see; others than `local` only with --isolated.")
    ] = "local",
    workers: Annotated[int, typer.Option(min=1, help="How many tasks run side by side.")] = min(4, os.cpu_count() or 1),
    isolated: Annotated[
        bool, typer.Option("--isolated", help="Run the generated job definition, each task in a process of its own.")
    ] = False,
    resume: Annotated[
        Optional[str],  # noqa: UP045  as above
        typer.Option(metavar="RUN", help="Go on with a run that was interrupted or failed: its id, or `latest`."),
    ] = None,
    select: Annotated[
        Optional[str],  # noqa: UP045  as above
        typer.Option(
            metavar="EXPR",
            help="Run some tasks only, as in `clean+`, `+report`, `load_*`, `tag:gold`; their inputs come from the "
            "latest runs that have them.",
        ),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Start nothing more once a task has failed.")] = False,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Run again what failed and all that hangs on it, with the present code."),
    ] = False,
    report: Annotated[
        Optional[Path],  # noqa: UP045  as above
        typer.Option(metavar="FILE", help="Write what happened as one HTML page; of several jobs, one page each."),
    ] = None,
) -> int:
    """Run jobs on this machine, with live progress.

    Examples: `lakewright run`, `lakewright run flights -p month=2`, `lakewright run jobs.py:daily`
    """
    if target != "local" and not isolated:
        message = f"`run` works on this machine: its target is local, not '{target}'"
        hint = "Run the definition of a target here: --isolated. Or deploy, and start it there: databricks bundle run."
        raise UsageError(message, hint=hint)
    if isolated:
        _refuse_with_isolated(
            {"--report": report, "--resume": resume, "--repair": repair, "--select": select, "--fail-fast": fail_fast}
        )
    if report:
        _refuse_unwritable(report)
    found = discovery.resolve(reference, Path.cwd())
    parameters = dict(_pair(text) for text in parameter or ())
    if isolated:
        # What an isolated run needs is no part of the extra `cli`, and costs others nothing.
        from lakewright.cli.isolated import run_isolated

        succeeded = run_isolated(found, parameters, target=target, workers=workers)
    else:
        request = Request(
            parameters=parameters,
            workers=workers,
            resume=resume,
            repairs=repair,
            select=select,
            fails_fast=fail_fast,
        )
        succeeded = run_jobs(found, request, report=report)
    return _DONE if succeeded else _FAILED


def _refuse_with_isolated(options: Mapping[str, object]) -> None:
    given = [name for name, value in options.items() if value]
    if given:
        message = f"{given[0]} and --isolated do not go together: an isolated run executes a whole definition"
        raise UsageError(message)


def _refuse_unwritable(file: Path) -> None:
    """What a run of an hour must not end with."""
    nearest = next(place for place in (file, *file.absolute().parents) if place.exists())
    if file.is_dir():
        problem = "it is a folder"
    elif nearest != file and not nearest.is_dir():
        problem = f"{nearest} is no folder"
    else:
        problem = "" if os.access(nearest, os.W_OK) else f"{nearest} may not be written"
    if problem:
        message = f"cannot write {file}: {problem}"
        raise UsageError(message, hint="Name a file: --report report.html.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        message = f"-p {text}: a parameter is given as NAME=VALUE"
        raise UsageError(message)
    return name, value


@app.command()
def show(
    reference: Reference = None,
    *,
    form: Annotated[
        Literal["tree", "mermaid", "dot", "json", "html"], typer.Option("--format", help="How to draw it.")
    ] = "tree",
) -> None:
    """Draw the DAG of jobs; no task runs."""
    for found in discovery.resolve(reference, Path.cwd()):
        # To the letter: a page names its scripts by their digests.
        out.file.write(render(found.job.definition, form))


@app.command()
def check(
    pipelines: Annotated[Optional[list[str]], typer.Argument(metavar="[PIPELINE…]", help="By default all.")] = None,  # noqa: UP045  as above
    *,
    form: Annotated[
        Literal["text", "json", "markdown"], typer.Option("--format", help="For people, programs or pull requests.")
    ] = "text",
) -> int:
    """Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once."""
    here = Path.cwd()
    repository = Repository.around(here)
    folders = [repository.pipeline(name) for name in pipelines] if pipelines else repository.here(here)
    found = (*check_targets(repository.root), *(finding for folder in folders for finding in check_pipeline(folder)))
    out.print(render_findings(found, FINDING_FORMATS[form]), markup=False, highlight=False, soft_wrap=True, end="")
    return _FAILED if validation.errors(found) else _DONE


@app.command()
def jobs(
    pipeline: Annotated[str, typer.Argument(help="The pipeline's name.")],
    *,
    target: Annotated[str, typer.Option(help="A target of targets.yml.")],
    folder: Annotated[Optional[Path], typer.Option("--out", help="Write one JSON file a job into this folder.")] = None,  # noqa: UP045  as above
    compare: Annotated[
        bool, typer.Option("--check", help="Compare with the folder of --out instead of writing.")
    ] = False,
) -> int:
    """Print the job definitions that a deployment of PIPELINE would make."""
    try:
        from lakewright.project import generate
        from lakewright.project.resources import definitions
    except ModuleNotFoundError as error:
        raise MissingExtraError(str(error.name), extra="deploy", purpose="`lakewright jobs`") from error
    from lakewright.project.targets import read_targets

    repository = Repository.around(Path.cwd())
    read_targets(repository.root)[0].target(target)
    found = definitions(repository.pipeline(pipeline))
    problems = validation.errors(check_jobs(found))
    if problems:
        errors.print(render_findings(problems, FINDING_FORMATS["text"]), markup=False, highlight=False, soft_wrap=True)
        return _FAILED
    files = generate.job_files(found)
    if compare and folder is None:
        message = "--check compares with a folder: give --out DIR too"
        raise UsageError(message)
    if folder is None:
        out.print("".join(files.values()), markup=False, highlight=False, soft_wrap=True, end="")
        return _DONE
    if not compare:
        removed = generate.write(files, folder)
        for done, names in (("wrote", files), ("removed", removed)):
            for name in names:
                out.print(f"{done} {folder / name}", markup=False, highlight=False, soft_wrap=True)
        return _DONE
    difference = generate.differences(files, folder)
    out.print(difference or f"{folder} is up to date\n", markup=False, highlight=False, soft_wrap=True, end="")
    return _FAILED if difference else _DONE


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and `_`: also the name of its package.")],
) -> None:
    """Add a pipeline that runs: `pipelines/NAME/` with a job, two tasks and their tests."""
    repository = Repository.around(Path.cwd())
    written = new_pipeline(repository, name)
    for file in written:
        out.print(f"  {file.relative_to(repository.root)}", markup=False, highlight=False)
    out.print(f"\nRun it:  nox -s local -- {name}", markup=False, highlight=False)
