"""`lakewright run --isolated`: generated definitions, one process a task, each with its log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lakewright.cli.output import out, shown_path
from lakewright.cli.progress import Progress
from lakewright.emulator.run import run
from lakewright.emulator.tracebacks import last_raised
from lakewright.model.states import FAILURES, State
from lakewright.project.isolated import isolated_plans
from lakewright.text.durations import seconds
from lakewright.text.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakewright.emulator.outcomes import IsolatedResult, Outcome
    from lakewright.emulator.plan import IsolatedPlan
    from lakewright.project.discovery import FoundJob


def run_isolated(found: Sequence[FoundJob], parameters: Mapping[str, str], *, target: str, workers: int) -> bool:
    """Run what is generated for jobs, and print what happens; whether all succeeded.

    Every definition is generated and understood before the first task runs.

    Raises:
        LakewrightError: as `isolated_plans`.
    """
    plans = isolated_plans(found, parameters, target=target, workers=workers)
    succeeded = [_run(each, planned) for each, planned in zip(found, plans, strict=True)]
    return all(succeeded)


def _run(found: FoundJob, planned: IsolatedPlan) -> bool:
    given = "".join(f" {name}={value}" for name, value in planned.parameters.items())
    processes = "process" if planned.max_workers == 1 else "processes"
    title = f"{found.reference}  {given}   isolated run {planned.paths.run_id}   {planned.max_workers} {processes}\n"
    _print(title, "bold")
    for note in planned.notes:
        _print(f"   not emulated: {note}", "dim")
    out.print()
    with Progress(out, found.job.dag) as progress:
        result = run(replace(planned, listener=progress.listen))
    out.print()
    for line, style in _failures(result):
        _print(line, style)
    for line, style in _summary(result):
        _print(line, style)
    return result.status == State.SUCCESS.value


def _failures(result: IsolatedResult) -> Iterator[tuple[str, str]]:
    """The cause first: every task that failed, why, and where all that it printed lies."""
    if result.reason:
        yield f" ✘ {result.reason}\n", "bold red"
    for key, outcome in result.outcomes.items():
        if outcome.state in FAILURES:
            yield from _failure(key, outcome)
    skipped = [key for key, outcome in result.outcomes.items() if outcome.state is State.UPSTREAM_FAILED]
    if skipped:
        yield f"   upstream failed: {', '.join(skipped)}\n", "yellow"


def _failure(key: str, outcome: Outcome) -> Iterator[tuple[str, str]]:
    times = ", ".join(seconds(each) for each in outcome.seconds)
    tried = f" after {plural(len(outcome.attempts), 'attempt')}" if len(outcome.attempts) > 1 else ""
    yield f" ✘ {key}   {outcome.state.value.replace('_', ' ')}{tried}{f' ({times})' if times else ''}", "bold red"
    yield from _cause(outcome)
    if outcome.log:
        yield f"   log {shown_path(outcome.log)}", "dim"
    yield "", ""


def _cause(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Why it failed; of a for-each also why the first of its iterations did, which is the one whose log is named."""
    for each in (outcome, *[one for one in outcome.iterations if one.state in FAILURES][:1]):
        raised = last_raised(each.log)
        if raised and raised.file and each.reason.startswith(raised.error):
            yield f"\n   {shown_path(raised.file)}:{raised.line}  in {raised.function}", "bold"
            yield f"     {raised.source}", ""
        yield from ((f"   {line}", "red") for line in each.reason.splitlines())


def _summary(result: IsolatedResult) -> Iterator[tuple[str, str]]:
    """How it ended, and how the platform would call it where that differs."""
    done = sum(1 for outcome in result.outcomes.values() if outcome.state is State.SUCCESS)
    good = done == len(result.outcomes)
    counted = plural(done, "task") if good else f"{done} of {plural(len(result.outcomes), 'task')}"
    mark, style = ("✔", "green") if result.status == State.SUCCESS.value else ("✘", "red")
    judged = " · a success on the platform, by its leaf tasks" if result.leaf_status != result.status else ""
    yield f" {mark} {counted} · {seconds(result.seconds)}{judged} · outputs {shown_path(result.paths.folder)}\n", style


def _print(text: str, style: str) -> None:
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
