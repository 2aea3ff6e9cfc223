"""`lakewright run`: jobs one after the other, each with its progress, its value and its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lakewright.cli.failures import failure_lines, failures_of
from lakewright.cli.output import out, say
from lakewright.cli.progress import Progress
from lakewright.cli.summary import critical_seconds, print_outputs, print_summary, print_values
from lakewright.cli.tails import LiveTails
from lakewright.cli.way_on import print_way_on
from lakewright.errors.base import LakewrightError
from lakewright.execution.result import RunInterruptedError
from lakewright.model.names import folder_name
from lakewright.model.states import FAILURES, State
from lakewright.model.task import PROCESSES, SERIAL
from lakewright.project.reports import run_view, write_report
from lakewright.project.runs import prepare, run_prepared
from lakewright.text.names import one_line, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lakewright.cli.way_on import Asked
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.report.view import RunView
    from lakewright.execution.result import RunResult
    from lakewright.io.paths import RunPaths
    from lakewright.project.discovery import FoundJob
    from lakewright.project.runs import PreparedRun, Request


_GO_ON: Final = "go on with it:"


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
    succeeded = [
        _Shown(each, asked, reports.place(each.planned.paths, several=several), several).run() for each in runs
    ]
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
        _warn(f"the report cannot be written: {error}")
        return None
    return file


def _side_by_side(planned: RunPlan) -> str:
    """How many tasks run at once, and on what."""
    if planned.executor == SERIAL:
        return "one task at a time"
    if planned.executor == PROCESSES:
        return f"{plural(planned.max_workers, 'task')} at a time in processes"
    return plural(planned.max_workers, "thread")


def _warn(text: str) -> None:
    say(f" ! {text}", "yellow")


@dataclass(frozen=True)
class _Shown:
    """One run on the screen, and what its user asked for."""

    prepared: PreparedRun
    asked: Asked
    report: str | None
    is_one_of_several: bool

    def run(self) -> bool:
        """Run, and print; whether it succeeded."""
        planned = self.prepared.planned
        run = f"run {planned.paths.run_id}"
        print_header(self.prepared.found, planned.parameter_texts, run=run, workers=_side_by_side(planned))
        try:
            with Progress(out, planned.dag, moves=planned.executor != SERIAL) as progress:
                listener = LiveTails(planned.paths, progress.listen).listen
                result = run_prepared(self.prepared, listener, warn=_warn)
        except RunInterruptedError as error:
            self._tell(error.result)
            raise
        except KeyboardInterrupt:
            say(" ■ ended at once: what ran is started anew when the run goes on\n", "yellow")
            print_way_on(self._call("--resume", "latest"), when=_GO_ON)
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
            self._tell_way_on(result)
        print_summary(result, critical=critical_seconds(result.dag, result.outcomes), report=report)

    def _written_report(self, result: RunResult[object]) -> str | None:
        records = {key: outcome.record for key, outcome in result.outcomes.items() if outcome.record}
        definition = self.prepared.found.job.definition
        return written_report(self.report, lambda: run_view(result.paths, definition=definition, records=records))

    def _tell_way_on(self, result: RunResult[object]) -> None:
        # Conditions are judged again.
        done = (key for key, each in result.outcomes.items() if each.state is State.SUCCESS)
        kept = sum(not result.dag.task(key).operator for key in done)
        if any(each.state in FAILURES - {State.CANCELLED} for each in result.outcomes.values()):
            print_way_on(self._call("--repair"), kept=kept)
        else:
            print_way_on(self._call("--resume", "latest"), when=_GO_ON, kept=kept)

    def _call(self, *options: str) -> str:
        return self.asked.again(*options, reference=self.prepared.found.reference if self.is_one_of_several else None)
