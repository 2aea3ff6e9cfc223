"""The commands: a table of where each one is, and how a call of one ends."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from lakewright.cli.exits import DONE, FAILED, INTERRUPTED, MISUSED
from lakewright.errors.authoring import ParameterError, SelectionError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import LoadError, MissingExtraError, UsageError
from lakewright.errors.running import MissingInputError, ResumeError

if TYPE_CHECKING:
    from collections.abc import Callable

_WRITE: Final = "Write and run"
_REVIEW: Final = "See what a change does"
_DEPLOY: Final = "Deploy"
_KEEP: Final = "Keep it in order"


class Row(NamedTuple):
    """A command: where it is below `lakewright.cli`, the first line of its docstring, and what it is listed with."""

    place: str
    summary: str
    panel: str


# In the order of `--help`. A place is that of a function or of a group of commands; only what is called is imported.
COMMANDS: Final = {
    "new": Row("new:new", "Add a pipeline that runs: `pipelines/NAME/` with a job, two tasks and their tests.", _WRITE),
    "run": Row("run:run_command", "Run jobs on this machine, with live progress.", _WRITE),
    "runs": Row("runs:runs", "What has run on this machine.", _WRITE),
    "schedule": Row(
        "scheduling:schedule",
        "Run a job again and again on this machine, until Ctrl-C; by default at its own schedule.",
        _WRITE,
    ),
    "show": Row("show:show", "Draw the DAG of jobs; no task runs.", _REVIEW),
    "check": Row(
        "check:check",
        "Find what a deployment would fail on: jobs that cannot be traced, limits, targets. All findings at once.",
        _REVIEW,
    ),
    "jobs": Row("definitions:jobs", "Print the job definitions that a deployment of PIPELINE would make.", _REVIEW),
    "affected": Row(
        "affected:affected",
        "Name the pipelines that a change concerns: their own files, packages that they need, what all have in common.",
        _REVIEW,
    ),
    "diff": Row(
        "diff:diff",
        "Show what a change makes of jobs: which jobs and tasks are new, changed, renamed, removed, field by field.",
        _REVIEW,
    ),
    "comment": Row(
        "comment:comment",
        "Say on a pull request what it changes: one comment, which is updated and never repeated.",
        _REVIEW,
    ),
    "plan": Row("planning:plan", "Show what a deploy would do, field by field; nothing is changed.", _DEPLOY),
    "deploy": Row(
        "deploying:deploy",
        "Deploy pipelines to a target: wheels, plan, deploy, record; deletes only if they are allowed.",
        _DEPLOY,
    ),
    "promote": Row(
        "promoting:promote",
        "Deploy to one target what runs on another: the same commit, the same bytes of its wheels.",
        _DEPLOY,
    ),
    "rollback": Row(
        "promoting:rollback",
        "Go back on a target: deploy an earlier commit with the wheels that it had then.",
        _DEPLOY,
    ),
    "drift": Row(
        "drifting:drift",
        "Find what somebody has changed by hand since the last deploy; exit code 1 if anything.",
        _DEPLOY,
    ),
    "destroy": Row(
        "destroying:destroy", "Take a pipeline that was removed from the repository away from a target.", _DEPLOY
    ),
    "wheelhouse": Row("wheelhouse:wheelhouse", "The wheels that pipelines run with.", _DEPLOY),
    "targets": Row(
        "targets:targets",
        "List the targets of `targets.yml` in the order of promotion: where each is, and whether it is planned.",
        _DEPLOY,
    ),
    "doctor": Row(
        "diagnosing:doctor",
        "Look at all that a deploy needs: this machine, GitHub, each target; what is wrong comes with the way out.",
        _KEEP,
    ),
    "update": Row(
        "updating:update",
        "Bring this repository to the newest version of its template, and lock its packages again.",
        _KEEP,
    ),
}

_WRONG_CALL = (UsageError, ResumeError, MissingInputError, SelectionError, LoadError, ParameterError, MissingExtraError)


def _go_on() -> None:
    """Where a command is one of many things that a process does."""


def run(*, loaded: Callable[[], None] = _go_on) -> int:
    """Run the command line; the exit code. Errors go to stderr: where, what, the way out.

    Args:
        loaded: is called when the modules of the command are there, and none of the user's.
    """
    # Modules of scripts that are named as FILE.py:NAME, and of pipelines that are not installed, are found from here.
    if "" not in sys.path:
        sys.path.insert(0, "")
    called = (word for word in sys.argv[1:] if not word.startswith("-"))
    try:
        command = command_line(next(called, ""))
        loaded()
        code = command(standalone_mode=False)
    except LakewrightError as error:
        _complain(error)
        return MISUSED if isinstance(error, _WRONG_CALL) else FAILED
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        if hasattr(error, "show") and hasattr(error, "exit_code"):  # a usage error of the command-line library
            if hasattr(error, "message"):
                # That is how the library behind it begins what an option of few choices says.
                error.message = error.message.replace("Value error, ", "", 1)
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
        cls=_Group,
    )
    app.callback()(_options)
    for name, row in COMMANDS.items():
        if name in called:
            _add(app, name, row)
        else:
            app.command(name, help=row.summary, rich_help_panel=row.panel)(lambda: None)
    return app


def _add(app: typer.Typer, name: str, row: Row) -> None:
    module, _, attribute = row.place.partition(":")
    command = getattr(import_module(f"lakewright.cli.{module}"), attribute)
    if isinstance(command, typer.Typer):
        for each in command.registered_commands:
            each.cls = _Command
        app.add_typer(command, name=name, cls=_Group, rich_help_panel=row.panel)
    else:
        app.command(name, cls=_Command, rich_help_panel=row.panel)(command)


def _print_version(asked: bool) -> None:  # noqa: FBT001  as typer calls it
    if asked:
        # Slow to import, and for this alone.
        from importlib.metadata import version

        typer.echo(f"lakewright {version('lakewright')}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take what stands before a command."""


def _without_types_of_flags(options: list[Any]) -> list[Any]:
    """The options, of which those that take no value name no type of it."""
    for each in options:
        if getattr(each, "is_flag", False):
            each.metavar = ""
    return options


class _Command(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  of the library inside typer
        return _without_types_of_flags(super().get_params(ctx))


class _Group(TyperGroup):
    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  of the library inside typer
        return _without_types_of_flags(super().get_params(ctx))


def _complain(error: LakewrightError) -> None:
    # Commands that end well may print nothing at all.
    from lakewright.cli.output import complain

    complain(error)
