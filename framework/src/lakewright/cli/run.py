"""`lakewright run`: what was asked for, checked as a whole before anything runs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lakewright.cli import options
from lakewright.cli.exits import DONE, FAILED
from lakewright.cli.options import LOCAL
from lakewright.cli.output import complain
from lakewright.cli.running import Reports, run_jobs
from lakewright.cli.way_on import Asked
from lakewright.errors.project import UsageError
from lakewright.model.task import THREADS
from lakewright.project import discovery
from lakewright.project.runs import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.errors.base import LakewrightError
    from lakewright.project.discovery import FoundJob


def run_command(
    reference: options.Reference = None,
    *,
    parameter: options.Parameters = None,
    target: options.Target = LOCAL,
    workers: options.Workers = options.DEFAULT_WORKERS,
    executor: options.Executor = None,
    isolated: options.Isolated = False,
    resume: options.Resume = None,
    repair: options.Repair = False,
    select: options.Select = None,
    fail_fast: options.FailFast = False,
    no_cache: options.NoCache = False,
    events: options.Events = None,
    report: options.Report = None,
    no_report: options.NoReport = False,
) -> int:
    """Run jobs on this machine, with live progress.

    Examples: `lakewright run`, `lakewright run flights -p month=2`, `lakewright run jobs.py:daily --repair`
    """
    own = {"--select": select, "--executor": executor}
    _check({"--report": report, "--events": events}, target=target, not_isolated=own if isolated else None)
    parameters = dict(pair(text) for text in parameter or ())
    reports = _reports(report, no_report=no_report)
    chosen = ("--executor", executor) if executor else ()
    asked = Asked(reference=reference, parameters=tuple(parameter or ()), options=chosen)
    found, broken = _sound(reference)
    request = Request(
        parameters=parameters,
        executor=executor or THREADS,
        workers=workers,
        resume=resume,
        repairs=repair,
        select=select,
        fails_fast=fail_fast,
        caches=not no_cache,
        events=events,
    )
    if isolated:
        # What an isolated run needs is no part of the extra `cli`, and costs others nothing.
        from lakewright.cli.isolated import run_jobs_isolated

        asked = replace(asked, options=("--isolated", *(() if target == LOCAL else ("--target", target))))
        succeeded = run_jobs_isolated(found, request, target=target, asked=asked, reports=reports)
    else:
        succeeded = run_jobs(found, request, asked=asked, reports=reports)
    for error in broken:
        # What could not run is told last, where it is seen.
        complain(error)
    return DONE if succeeded and not broken else FAILED


def _sound(reference: str | None) -> tuple[tuple[FoundJob, ...], tuple[LakewrightError, ...]]:
    """The jobs that can run, and why others cannot.

    Raises:
        LakewrightError: why the last one cannot, when none can; the others are told before.
    """
    found, broken = discovery.resolve_sound(reference, Path.cwd())
    if broken and not found:
        for error in broken[:-1]:
            complain(error)
        raise broken[-1]
    return found, broken


def _check(files: Mapping[str, Path | None], *, target: str, not_isolated: Mapping[str, object] | None) -> None:
    """Refuse what cannot be, before anything runs.

    Args:
        files: that are written, by option.
        target: whose values tasks see.
        not_isolated: of an isolated run, the options that it does not take; None for other runs.
    """
    for option, file in files.items():
        if file:
            _refuse_unwritable(option, file)
    for name in (name for name, value in (not_isolated or {}).items() if value):
        message = f"{name} and --isolated do not go together: an isolated run executes a whole definition"
        raise UsageError(message)
    if target != LOCAL and not_isolated is None:
        message = f"`run` works on this machine: its target is local, not '{target}'"
        hint = "Run the definition of a target here: --isolated. Or deploy, and start it there: databricks bundle run."
        raise UsageError(message, hint=hint)


def _reports(file: Path | None, *, no_report: bool) -> Reports:
    if file and no_report:
        message = "--report asks for a report, --no-report for none"
        raise UsageError(message)
    return Reports(file=file, wanted=not no_report)


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


def pair(text: str) -> tuple[str, str]:
    """The name and the text of a parameter, as they are given.

    Raises:
        UsageError: it is not of the form NAME=VALUE.
    """
    name, equals, value = text.partition("=")
    if not (name and equals):
        message = f"-p {text}: a parameter is given as NAME=VALUE"
        raise UsageError(message)
    return name, value
