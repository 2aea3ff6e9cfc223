"""`lakewright schedule`: a job run again and again on this machine, until Ctrl-C."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from lakewright.cli import options
from lakewright.cli.exits import DONE, INTERRUPTED
from lakewright.cli.output import complain, say
from lakewright.cli.run import pair
from lakewright.cli.running import Reports, run_jobs
from lakewright.cli.way_on import Asked
from lakewright.errors.authoring import SettingError
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import UsageError
from lakewright.errors.running import ScheduleError
from lakewright.execution.remembering import StoredMemory
from lakewright.execution.rhythm import rhythm, rhythm_of
from lakewright.execution.schedule import Schedule, SystemClock
from lakewright.model.calendar import YEARS_AHEAD
from lakewright.model.task import THREADS
from lakewright.model.trigger import Cron
from lakewright.project import discovery
from lakewright.project.runs import Request, prepare
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.execution.rhythm import Rhythm
    from lakewright.execution.schedule import Clock, Counts, Tick
    from lakewright.project.discovery import FoundJob

# typer reads annotations at run time, on Python 3.10 too: `str | None` would not do inside of `Annotated`.
# ruff: noqa: UP045


def schedule(
    reference: options.Reference = None,
    *,
    every: Annotated[Optional[float], typer.Option(metavar="SECONDS", help="Run at this rate.")] = None,
    cron: Annotated[
        Optional[str],
        typer.Option(metavar="EXPRESSION", help="Run at these times: five fields, or Quartz' six or seven."),
    ] = None,
    timezone: Annotated[str, typer.Option(help="Where the clock of --cron hangs.")] = "UTC",
    parameter: options.Parameters = None,
    workers: options.Workers = options.DEFAULT_WORKERS,
    executor: options.Executor = None,
) -> int:
    """Run a job again and again on this machine, until Ctrl-C; by default at its own schedule.

    Examples: `lakewright schedule delays`, `lakewright schedule delays --every 60`,
    `lakewright schedule jobs.py:daily --cron "0 6 * * 1-5" --timezone Europe/Berlin`
    """
    found = _one(discovery.resolve(reference, Path.cwd()))
    parameters = dict(pair(text) for text in parameter or ())
    request = Request(parameters=parameters, executor=executor or THREADS, workers=workers)
    return keep(found, _rhythm(found, every=every, cron=cron, timezone=timezone), request)


def keep(found: FoundJob, when: Rhythm, request: Request, *, clock: Clock | None = None) -> int:
    """Run a job whenever it is due, and print what happens; the exit code.

    Raises:
        ScheduleError: another process keeps this schedule.
        LakewrightError: no run of it could ever be.
    """
    clock = clock or SystemClock()
    # Planned once beforehand: what cannot run is told now, not at six in the morning.
    (prepared,) = prepare([found], request)
    given = "".join(f" {name}={value}" for name, value in request.parameters.items())
    memory = StoredMemory(prepared.planned.target.root, f"{found.reference}{given}, {when}")
    kept = Schedule(when, _run(found, request), clock=clock, memory=memory, listener=_teller(clock))
    say(f"{found.reference}{given}   {when}   Ctrl-C ends it\n", style="bold")
    try:
        kept.run()
    except KeyboardInterrupt:
        # The way to end a schedule; only a run that it has cut short is not done.
        say("")
    say(_summary(kept.counts))
    return INTERRUPTED if kept.is_running else DONE


def _one(found: tuple[FoundJob, ...]) -> FoundJob:
    if len(found) > 1:
        places = ", ".join(each.reference for each in found)
        raise UsageError(f"a schedule runs one job, and there are several: {places}", hint="Name one of these.")
    return found[0]


def _rhythm(found: FoundJob, *, every: float | None, cron: str | None, timezone: str) -> Rhythm:
    if every is not None and cron is not None:
        message = "--every and --cron do not go together: a schedule has one rhythm"
        raise UsageError(message)
    try:
        if every is None and cron is None:
            return rhythm_of(found.job.settings.schedule, job=found.job.name)
        return rhythm(interval_seconds=every, cron=Cron(cron, timezone=timezone) if cron else None)
    except (ScheduleError, SettingError) as error:
        raise UsageError(error.message, hint=error.hint) from error


def _run(found: FoundJob, request: Request) -> Callable[[], bool]:
    given = tuple(f"{name}={value}" for name, value in request.parameters.items())
    asked = Asked(reference=found.reference, parameters=given)

    def act() -> bool:
        try:
            return run_jobs([found], request, asked=asked, reports=Reports())
        except LakewrightError as error:
            # Such as a disk that is full: the next run may find it otherwise.
            complain(error)
            return False

    return act


def _teller(clock: Clock) -> Callable[[Tick], None]:
    def tell(tick: Tick) -> None:
        if tick.kind == "waiting":
            due = datetime.fromtimestamp(tick.due).astimezone()
            say(f"next run {due:%Y-%m-%d %H:%M:%S %Z}, in {seconds(tick.due - clock.now())}\n", style="cyan")
        elif tick.kind == "over":
            say(f"nothing is due within {YEARS_AHEAD} years", style="yellow")
        else:
            why = (
                "while it ran"
                if tick.kind == "skipped"
                else "while nothing kept the schedule: one run makes up for them"
            )
            say(f"{tick.kind} {plural(tick.times, 'due time')} that passed {why}\n", style="yellow")

    return tell


def _summary(counts: Counts) -> str:
    failed = f" ({counts.failed} failed)" if counts.failed else ""
    return f"{plural(counts.started, 'run')}{failed} · {counts.skipped:,} skipped · {counts.missed:,} missed"
