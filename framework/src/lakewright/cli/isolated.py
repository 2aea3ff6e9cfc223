"""`lakewright run --isolated`: generated definitions, one process a task, each with its log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakewright.cli.failures import failure_lines, isolated_failures
from lakewright.cli.output import out, say
from lakewright.cli.progress import Progress
from lakewright.cli.running import print_header, written_report
from lakewright.cli.summary import print_summary
from lakewright.cli.way_on import print_way_on
from lakewright.emulator.evidence import Recorder
from lakewright.emulator.run import run
from lakewright.execution.report.build import build
from lakewright.model.states import State
from lakewright.project.isolated import isolated_plans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakewright.cli.running import Reports
    from lakewright.cli.way_on import Asked
    from lakewright.emulator.outcomes import IsolatedResult
    from lakewright.emulator.plan import IsolatedPlan
    from lakewright.execution.events import TaskEvent
    from lakewright.execution.report.view import RunView
    from lakewright.project.discovery import FoundJob


def run_isolated(
    found: Sequence[FoundJob],
    parameters: Mapping[str, str],
    *,
    target: str,
    workers: int,
    asked: Asked,
    reports: Reports,
) -> bool:
    """Run what is generated for jobs, and print what happens; whether all succeeded.

    Every definition is generated and understood before the first task runs.

    Raises:
        LakewrightError: as `isolated_plans`.
    """
    plans = isolated_plans(found, parameters, target=target, workers=workers)
    several = len(plans) > 1
    succeeded = []
    for each, planned in zip(found, plans, strict=True):
        again = asked.again(reference=each.reference if several else None)
        try:
            result, view = _run(each, planned, target=target)
        except KeyboardInterrupt:
            say(" ■ interrupted: what ran was ended\n", "yellow")
            print_way_on(again, when="again:")
            raise
        _tell(result, view, report=reports.place(planned.paths, several=several), again=again)
        succeeded.append(result.status == State.SUCCESS.value)
    return all(succeeded)


def _run(found: FoundJob, planned: IsolatedPlan, *, target: str) -> tuple[IsolatedResult, RunView]:
    processes = "1 process" if planned.max_workers == 1 else f"{planned.max_workers} processes"
    print_header(found, planned.parameters, run=f"isolated run {planned.paths.run_id}", workers=processes)
    for note in planned.notes:
        say(f"   not emulated: {note}", "dim")
    out.print()
    recorder = Recorder()
    with Progress(out, found.job.dag) as progress:

        def listen(event: TaskEvent) -> None:
            recorder.listen(event)
            progress.listen(event)

        result = run(replace(planned, listener=listen))
    definition = found.job.definition
    evidence = recorder.evidence(result, definition.dag.nodes, parameters=planned.parameters, target=target)
    return result, build(definition, evidence)


def _tell(result: IsolatedResult, view: RunView, *, report: str | None, again: str) -> None:
    """How it ended, and why it failed; the page of it."""
    written = written_report(report, lambda: view)
    out.print()
    if result.reason:
        say(f" ✘ {result.reason}\n", "bold red")
    if result.status != State.SUCCESS.value:
        for line, style in failure_lines(isolated_failures(result), result.outcomes, log_lines=0):
            say(line, style)
        print_way_on(again)
    print_summary(result, critical=view.critical_seconds, report=written)
