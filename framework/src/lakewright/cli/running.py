"""`lakewright run`: jobs one after the other, each with its progress, its value and its places."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakewright.cli.failures import failure_lines, failures_of
from lakewright.cli.output import out, say
from lakewright.cli.progress import Progress
from lakewright.cli.summary import critical_seconds, print_outputs, print_summary, print_values
from lakewright.cli.tails import LiveTails
from lakewright.cli.way_on import GO_ON, print_way_on, print_way_on_from
from lakewright.errors.base import LakewrightError
from lakewright.execution.result import RunInterruptedError
from lakewright.model.names import folder_name
from lakewright.model.states import State
from lakewright.model.task import PROCESSES, SERIAL
from lakewright.project.reports import run_view, write_report
from lakewright.project.runs import prepare, run_prepared
from lakewright.text.names import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lakewright.cli.way_on import Asked
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.report.view import RunView
    from lakewright.execution.result import RunResult
    from lakewright.io.paths import RunPaths
    from lakewright.project.discovery import FoundJob
    from lakewright.project.runs import PreparedRun, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Where the pages of runs are written.

    Attributes:
        wanted: whether there are any.
        file: a place of the user's choice; else each lies in the folder of its run.
    """

    wanted: bool = True
    file: Path | None = None

    def place(self, paths: RunPaths, *, several: bool) -> str | None:
        """The page of one run; one of several is named after its job."""
        if not self.wanted:
            return None
        if self.file is None:
            return paths.report
        return str(self.file.with_stem(f"{self.file.stem}-{folder_name(paths.job)}") if several else self.file)


def run_jobs(found: Sequence[FoundJob], request: Request, *, asked: Asked, reports: Reports) -> bool:
    """Run jobs and print what they do and give; whether all succeeded.

    Every job is planned before the first one runs: a wrong parameter stops before anything has happened.

    Raises:
        ParameterError: a parameter that one of the jobs does not take.
        AuthoringError: a body that cannot be traced.
        UsageError: there is no run to go on with.
        ResumeError: it would not be the same run.
        RunInterruptedError: Ctrl-C was pressed.
    """
    runs = prepare(found, request)
    several = len(runs) > 1
    succeeded = []
    for each in runs:
        report = reports.place(each.planned.paths, several=several)
        reference = each.found.reference if several else None
        succeeded.append(_Shown(each, asked.of(reference), report).run())
    return all(succeeded)


def print_header(found: FoundJob, parameters: Mapping[str, str], *, run: str, workers: str) -> None:
    """Which job runs, with what, and how."""
    given = "".join(f" {name}={value}" for name, value in parameters.items())
    say(one_line(f"{found.reference}  {given}   {run}   {workers}") + "\n", "bold")


def written_report(file: str | None, view: Callable[[], RunView]) -> str | None:
    """The page of a run, once it is there; what keeps it from being written fails no run."""
    if file is None:
        return None
    try:
        write_report(file, view())
    except LakewrightError as error:
        warn(f"the report cannot be written: {error}")
        return None
    return file


def _side_by_side(planned: RunPlan) -> str:
    """How many tasks run at once, and on what."""
    if planned.executor == SERIAL:
        return "one task at a time"
    if planned.executor == PROCESSES:
        return f"{plural(planned.max_workers, 'task')} at a time in processes"
    return plural(planned.max_workers, "thread")


def warn(text: str) -> None:
    """Print what went wrong beside a run's own work."""
    say(f" ! {text}", "yellow")


@contextmanager
def ended_at_once(asked: Asked) -> Iterator[None]:
    """Within `with`, a second Ctrl-C ends the run and says how to go on."""
    try:
        yield
    except RunInterruptedError:
        raise
    except KeyboardInterrupt:
        say(" ■ ended at once: what ran is started anew when the run goes on\n", "yellow")
        print_way_on(asked.again("--resume", "latest"), when=GO_ON)
        raise


@dataclass(frozen=True)
class _Shown:
    """One run on the screen, and what its user asked for."""

    prepared: PreparedRun
    asked: Asked
    report: str | None

    def run(self) -> bool:
        """Run, and print; whether it succeeded."""
        planned = self.prepared.planned
        run = f"run {planned.paths.run_id}"
        print_header(self.prepared.found, planned.parameter_texts, run=run, workers=_side_by_side(planned))
        try:
            moves = planned.executor != SERIAL
            with ended_at_once(self.asked), Progress(out, planned.dag, moves=moves) as progress:
                listener = LiveTails(planned.paths, progress.listen).listen
                result = run_prepared(self.prepared, listener, warn=warn)
        except RunInterruptedError as error:
            self._tell(error.result)
            raise
        self._tell(result)
        return result.status == State.SUCCESS.value

    def _tell(self, result: RunResult[object]) -> None:
        """What a run that has ended gave, or why it failed."""
        report = self._written_report(result)
        out.print()
        if result.status == State.SUCCESS.value:
            if not self.prepared.planned.left_out:
                print_values(result)
            print_outputs(result)
        else:
            for line, style in failure_lines(failures_of(result), result.outcomes):
                say(line, style)
            print_way_on_from(self.asked, result.dag, result.outcomes)
        print_summary(result, critical=critical_seconds(result.dag, result.outcomes), report=report)

    def _written_report(self, result: RunResult[object]) -> str | None:
        records = {key: outcome.record for key, outcome in result.outcomes.items() if outcome.record}
        definition = self.prepared.found.job.definition
        return written_report(self.report, lambda: run_view(result.paths, definition=definition, records=records))
