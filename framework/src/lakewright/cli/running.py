"""`lakewright run`: jobs one after the other, each with its progress, its value and its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from lakewright.cli.failures import failure_lines
from lakewright.cli.output import out, shown_path
from lakewright.cli.progress import Progress
from lakewright.cli.values import render_value
from lakewright.execution.report.build import build
from lakewright.execution.report.live import Recorder
from lakewright.execution.report.page import render
from lakewright.execution.result import RunInterruptedError
from lakewright.io.files import get, put
from lakewright.model.states import State
from lakewright.project.runs import prepare, run_prepared
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lakewright.execution.events import TaskEvent
    from lakewright.execution.result import RunResult
    from lakewright.project.discovery import FoundJob
    from lakewright.project.runs import PreparedRun, Request


def run_jobs(found: Sequence[FoundJob], request: Request, *, report: Path | None = None) -> bool:
    """Run jobs and print what they do and give; whether all succeeded.

    Every job is planned before the first one runs: a wrong parameter stops before anything has happened.

    Raises:
        ParameterError: a parameter that one of the jobs does not take.
        AuthoringError: a body that cannot be traced.
        UsageError: there is no run to go on with.
        ResumeError: it would not be the same run.
    """
    runs = prepare(found, request)
    several = len(runs) > 1
    succeeded = [_run(each, _report_file(report, each.found, several=several)) for each in runs]
    return all(succeeded)


def _report_file(report: Path | None, found: FoundJob, *, several: bool) -> Path | None:
    return report.with_stem(f"{report.stem}-{found.job.name}") if report and several else report


def _run(prepared: PreparedRun, report: Path | None) -> bool:
    found, planned = prepared.found, prepared.planned
    given = "".join(f" {name}={value}" for name, value in planned.parameter_texts.items())
    out.print(
        f"{found.reference}  {given}   run {planned.paths.run_id}   {plural(planned.max_workers, 'thread')}\n",
        style="bold",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    recorder = Recorder()
    try:
        result = _shown(prepared, recorder)
    except RunInterruptedError as error:
        _tell(prepared, error.result, recorder, report=report)
        raise
    _tell(prepared, result, recorder, report=report)
    return result.status == State.SUCCESS.value


def _shown(prepared: PreparedRun, recorder: Recorder) -> RunResult[object]:
    """Run, and show what goes on."""
    with Progress(out, prepared.planned.dag) as progress:

        def listen(event: TaskEvent) -> None:
            recorder.listen(event)
            progress.listen(event)

        return run_prepared(prepared, listen, warn=_warn)


def _warn(text: str) -> None:
    out.print(f" ! {text}", style="yellow", markup=False, highlight=False, soft_wrap=True)


def _tell(prepared: PreparedRun, result: RunResult[object], recorder: Recorder, *, report: Path | None) -> None:
    """What a run that has ended gave, or why it failed."""
    planned = prepared.planned
    if report:
        evidence = recorder.evidence(
            result, parameters=planned.parameter_texts, logs=_logs(result, recorder), target=planned.target.name
        )
        put(str(report), render(build(prepared.found.job.definition, evidence)).encode())
    out.print()
    if result.status == State.SUCCESS.value:
        if not planned.left_out:
            _print_value(result)
        _print_outputs(result)
    else:
        for line, style in failure_lines(prepared.found, result):
            out.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    _print_summary(result, report)


def _logs(result: RunResult[object], recorder: Recorder) -> dict[tuple[str, int], str]:
    """What each attempt printed."""
    tried = [(key, attempt.number) for key, attempts in recorder.attempts.items() for attempt in attempts]
    return {
        (key, number): (get(result.paths.log(key, number)) or b"").decode(errors="replace") for key, number in tried
    }


def _print_value(result: RunResult[object]) -> None:
    for rendered in render_value(result.value, name=result.dag.name):
        out.print(rendered)


def _print_outputs(result: RunResult[object]) -> None:
    """Where each output lies, below the folder that the summary names."""
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    table.add_column("output", no_wrap=True)
    table.add_column("rows", justify="right")
    table.add_column("kept in", overflow="fold")
    for key, outcome in result.outcomes.items():
        record = outcome.record
        if record is not None and record.stored is not None:
            files = [file.path for file in record.stored.all_files] or [result.paths.record(key)]
            places = "\n".join(path.removeprefix(f"{result.paths.folder}/") for path in files)
            table.add_row(key, f"{record.rows:,}" if record.rows is not None else "", places)
    if table.row_count:
        out.print(table)
        out.print()


def _print_summary(result: RunResult[object], report: Path | None) -> None:
    done = sum(1 for outcome in result.outcomes.values() if outcome.state is State.SUCCESS)
    good = done == len(result.outcomes)
    counted = plural(done, "task") if good else f"{done} of {plural(len(result.outcomes), 'task')}"
    mark, style = ("✔", "green") if result.status == State.SUCCESS.value else ("✘", "red")
    page = f" · report {report}" if report else ""
    text = f" {mark} {counted} · {seconds(result.seconds)} · outputs {shown_path(result.paths.folder)}{page}\n"
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
