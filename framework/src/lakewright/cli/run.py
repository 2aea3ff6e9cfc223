"""`lakewright run`: what was asked for, checked as a whole before anything runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli import options
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.output import complain
from lakewright.cli.running import run_jobs
from lakewright.errors.project import UsageError
from lakewright.project import discovery
from lakewright.project.runs import Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.errors.base import LakewrightError


def run_command(
    reference: options.Reference = None,
    *,
    parameter: options.Parameters = None,
    target: options.Target = "local",
    workers: options.Workers = options.DEFAULT_WORKERS,
    isolated: options.Isolated = False,
    resume: options.Resume = None,
    repair: options.Repair = False,
    select: options.Select = None,
    fail_fast: options.FailFast = False,
    events: options.Events = None,
    report: options.Report = None,
) -> int:
    """Run jobs on this machine, with live progress.

    Examples: `lakewright run`, `lakewright run flights -p month=2`, `lakewright run jobs.py:daily`
    """
    files = {"--report": report, "--events": events}
    _refuse_target(target, isolated=isolated)
    if isolated:
        goes_on = {"--resume": resume, "--repair": repair, "--select": select, "--fail-fast": fail_fast}
        _refuse_with_isolated({**files, **goes_on})
    for option, file in files.items():
        if file:
            _refuse_unwritable(option, file)
    parameters = dict(_pair(text) for text in parameter or ())
    found, broken = discovery.resolve_sound(reference, Path.cwd())
    if broken and not found:
        raise _all_of(broken)
    if isolated:
        # What an isolated run needs is no part of the extra `cli`, and costs others nothing.
        from lakewright.cli.isolated import run_isolated

        succeeded = run_isolated(found, parameters, target=target, workers=workers)
        return _ended(succeeded, broken)
    request = Request(
        parameters=parameters,
        workers=workers,
        resume=resume,
        repairs=repair,
        select=select,
        fails_fast=fail_fast,
        events=events,
    )
    return _ended(run_jobs(found, request, report=report), broken)


def _ended(succeeded: bool, broken: Sequence[LakewrightError]) -> int:  # noqa: FBT001  a value, not a choice
    """The exit code; what could not run is told last, where it is seen."""
    for error in broken:
        complain(error)
    return DONE if succeeded and not broken else FAILED


def _all_of(broken: Sequence[LakewrightError]) -> LakewrightError:
    """The error to raise where nothing is left to run; the others are told before it."""
    for error in broken[:-1]:
        complain(error)
    return broken[-1]


def _refuse_target(target: str, *, isolated: bool) -> None:
    if target != "local" and not isolated:
        message = f"`run` works on this machine: its target is local, not '{target}'"
        hint = "Run the definition of a target here: --isolated. Or deploy, and start it there: databricks bundle run."
        raise UsageError(message, hint=hint)


def _refuse_with_isolated(given: Mapping[str, object]) -> None:
    for name in (name for name, value in given.items() if value):
        message = f"{name} and --isolated do not go together: an isolated run executes a whole definition"
        raise UsageError(message)


def _refuse_unwritable(option: str, file: Path) -> None:
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
        raise UsageError(message, hint=f"Name a file: {option} FILE.")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        message = f"-p {text}: a parameter is given as NAME=VALUE"
        raise UsageError(message)
    return name, value
