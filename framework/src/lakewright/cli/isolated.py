"""`lakewright run --isolated`: generated definitions, one process a task, each with its log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakewright.cli.failures import failure_lines, isolated_failures
from lakewright.cli.output import out, say
from lakewright.cli.progress import Progress
from lakewright.cli.running import ended_at_once, print_header, warn, written_report
from lakewright.cli.summary import critical_seconds, print_summary
from lakewright.cli.tails import LiveTails
from lakewright.cli.way_on import print_way_on_from
from lakewright.emulator.tracebacks import printed
from lakewright.model.states import State
from lakewright.project.isolated_runs import prepare_isolated, run_isolated
from lakewright.project.reports import run_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.cli.running import Reports
    from lakewright.cli.way_on import Asked
    from lakewright.emulator.outcomes import IsolatedResult
    from lakewright.project.discovery import FoundJob
    from lakewright.project.isolated_runs import PreparedIsolatedRun
    from lakewright.project.runs import Request


def run_jobs_isolated(
    found: Sequence[FoundJob], request: Request, *, target: str, asked: Asked, reports: Reports
) -> bool:
    """Run what is generated for jobs, and print what happens; whether all succeeded.

    Raises:
        LakewrightError: as `prepare_isolated`.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    runs = prepare_isolated(found, request, target=target)
    several = len(runs) > 1
    succeeded = []
    for each in runs:
        report = reports.place(each.planned.paths, several=several)
        reference = each.found.reference if several else None
        succeeded.append(_Shown(each, asked.of(reference), report).run())
    return all(succeeded)


@dataclass(frozen=True)
class _Shown:
    """One run on the screen, and what its user asked for."""

    prepared: PreparedIsolatedRun
    asked: Asked
    report: str | None

    def run(self) -> bool:
        """Run, and print; whether it succeeded."""
        planned = self.prepared.planned
        print_header(
            self.prepared.found,
            planned.parameters,
            run=f"isolated run {planned.paths.run_id}",
            workers="1 process" if planned.max_workers == 1 else f"{planned.max_workers} processes",
        )
        for note in planned.notes:
            say(f"   not emulated: {note}", "dim")
        out.print()
        with ended_at_once(self.asked), Progress(out, self.prepared.found.job.dag) as progress:
            tails = LiveTails(planned.paths, progress.listen, tail=printed)
            result = run_isolated(self.prepared, tails.listen, warn=warn)
        self._tell(result)
        if result.interrupted:
            raise KeyboardInterrupt
        return result.status == State.SUCCESS.value

    def _tell(self, result: IsolatedResult) -> None:
        """How it ended, and why it failed; the page of it."""
        definition = self.prepared.found.job.definition
        report = written_report(self.report, lambda: run_view(result.paths, definition=definition))
        out.print()
        if result.reason:
            say(f" ✘ {result.reason}\n", "bold red")
        if result.status != State.SUCCESS.value:
            for line, style in failure_lines(isolated_failures(result), result.outcomes, tail=printed):
                say(line, style)
            print_way_on_from(self.asked, definition.dag, result.outcomes)
        print_summary(result, critical=critical_seconds(definition.dag, result.outcomes), report=report)
