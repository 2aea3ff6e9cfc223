"""The commands: a table of where each one is, and how a call of one ends."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import typer

from lakewright.cli.exits import DONE, FAILED, INTERRUPTED, MISUSED
from lakewright.errors.authoring import ParameterError, SelectionError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, MissingExtraError, UsageError
from lakewright.errors.running import MissingInputError, ResumeError

# A row a command, in the order of `--help`: the function, or the group of commands, below `lakewright.cli`, and the
# line of it in the list, which is the first of its docstring. Only the command that is called is imported.
COMMANDS: Final = {
    "run": ("run:run_command", "Run jobs on this machine, with live progress."),
    "schedule": (
        "scheduling:schedule",
        "Run a job again and again on this machine, until Ctrl-C; by default at its own schedule.",
    ),
    "show": ("show:show", "Draw the DAG of jobs; no task runs."),
    "check": (
        "check:check",
        "Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once.",
    ),
    "jobs": ("definitions:jobs", "Print the job definitions that a deployment of PIPELINE would make."),
    "plan": ("planning:plan", "Show what a deploy would do, field by field; nothing is changed."),
    "affected": (
        "affected:affected",
        "Name the pipelines that a change concerns: their own files, packages that they need, what all have in common.",
    ),
    "diff": (
        "diff:diff",
        "Show what a change makes of jobs: which jobs and tasks are new, changed, renamed, removed, field by field.",
    ),
    "comment": (
        "comment:comment",
        "Say on a pull request what it changes: one comment, which is updated and never repeated.",
    ),
    "deploy": (
        "deploying:deploy",
        "Deploy pipelines to a target: wheels, plan, deploy, record; deletes only if they are allowed.",
    ),
    "wheelhouse": ("wheelhouse:wheelhouse", "The wheels that pipelines run with."),
    "promote": (
        "promoting:promote",
        "Deploy to one target what runs on another: the same commit, the same bytes of its wheels.",
    ),
    "rollback": (
        "promoting:rollback",
        "Go back on a target: deploy an earlier commit with the wheels that it had then.",
    ),
    "drift": (
        "drifting:drift",
        "Find what somebody has changed by hand since the last deploy; exit code 1 if anything.",
    ),
    "destroy": ("destroying:destroy", "Take a pipeline that was removed from the repository away from a target."),
    "doctor": (
        "diagnosing:doctor",
        "Look at all that a deploy needs: this machine, GitHub, each target; what is wrong comes with the way out.",
    ),
    "new": ("new:new", "Add a pipeline that runs: `pipelines/NAME/` with a job, two tasks and their tests."),
    "targets": (
        "targets:targets",
        "List the targets of `targets.yml` in the order of promotion: where each is, and whether it is planned.",
    ),
    "update": (
        "updating:update",
        "Bring this repository to the newest version of its template, and lock its packages again.",
    ),
    "runs": ("runs:runs", "What has run on this machine."),
}

_WRONG_CALL = (UsageError, ResumeError, MissingInputError, SelectionError, LoadError, ParameterError, MissingExtraError)


def run() -> int:
    """Run the command line; the exit code. Errors go to stderr: where, what, the way out."""
    # Modules of scripts that are named as FILE.py:NAME, and of pipelines that are not installed, are found from here.
    if "" not in sys.path:
        sys.path.insert(0, "")
    called = (word for word in sys.argv[1:] if not word.startswith("-"))
    try:
        code = command_line(next(called, ""))(standalone_mode=False)
    except LakewrightError as error:
        _complain(error)
        return MISUSED if isinstance(error, _WRONG_CALL) else FAILED
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a usage error of the command-line library
            error.show()
            return int(error.exit_code)
        raise
    return code if isinstance(code, int) else DONE


def command_line(*called: str) -> typer.Typer:
    """The command line, with these commands in full and the others in name."""
    app = typer.Typer(
        name="lakewright",
        help="Databricks pipelines from plain Python functions: run them here, see them, check them, deploy them.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, (place, summary) in COMMANDS.items():
        if name in called:
            _add(app, name, place)
        else:
            app.command(name, help=summary)(lambda: None)
    return app


def _add(app: typer.Typer, name: str, place: str) -> None:
    module, _, attribute = place.partition(":")
    command = getattr(import_module(f"lakewright.cli.{module}"), attribute)
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _complain(error: LakewrightError) -> None:
    # Commands that end well may print nothing at all.
    from lakewright.cli.output import complain

    complain(error)
