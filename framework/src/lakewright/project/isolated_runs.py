"""Isolated runs that the store remembers: new ones, and those that go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lakewright.emulator.run import run
from lakewright.errors.running import ResumeError
from lakewright.execution.resume import check_parameters, check_same, repaired, resumed
from lakewright.io.paths import RunPaths
from lakewright.pipelines.arguments import plan
from lakewright.project.isolated import LOCAL, isolated_plans
from lakewright.project.memory import LATEST, Startable, begun, new_row, parameters_before, to_go_on_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lakewright.emulator.outcomes import IsolatedResult
    from lakewright.emulator.plan import IsolatedPlan
    from lakewright.execution.events import Listener
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.rows import RunRow
    from lakewright.project.discovery import FoundJob
    from lakewright.project.runs import Request

# Beside the source files, a change of which is a change of code.
_DEFINITION: Final = "the generated definition"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedIsolatedRun(Startable):
    """An isolated run that can start.

    Attributes:
        planned: its definition.
        traced: the same run as one of the DAG: what of it is done is judged by that.
    """

    found: FoundJob
    planned: IsolatedPlan
    traced: RunPlan


def prepare_isolated(
    found: Sequence[FoundJob], request: Request, *, target: str = LOCAL
) -> tuple[PreparedIsolatedRun, ...]:
    """The runs that a request means; every definition is generated and understood before the first one runs.

    Raises:
        LakewrightError: as `isolated_plans`.
        UsageError: there is no run to go on with.
        ResumeError: it would not be the same run.
        OutputError: the file for the events cannot be written.
    """
    if not request.goes_on:
        prepared = _planned([(each, request.parameters) for each in found], request, target=target)
    else:
        earlier = to_go_on_with(found, request.resume or LATEST, isolated=True)
        given = [(each, {**parameters_before(each, before), **request.parameters}) for each, before in earlier]
        again = zip(_planned(given, request, target=target), earlier, strict=True)
        prepared = [_again(each, before, request) for each, (_, before) in again]
    request.open_events()
    return tuple(prepared)


def _planned(
    given: Sequence[tuple[FoundJob, Mapping[str, str]]], request: Request, *, target: str
) -> list[PreparedIsolatedRun]:
    """New runs of jobs with their parameters."""
    found = [each for each, _ in given]
    plans = isolated_plans(found, [texts for _, texts in given], target=target)
    return [_new(each, planned, request, target=target) for each, planned in zip(found, plans, strict=True)]


def _new(found: FoundJob, planned: IsolatedPlan, request: Request, *, target: str) -> PreparedIsolatedRun:
    traced = replace(plan(found.job.body, planned.parameters), paths=planned.paths)
    row = new_row(found, traced)
    return PreparedIsolatedRun(
        found=found,
        planned=replace(planned, max_workers=request.workers, fails_fast=request.fails_fast),
        traced=traced,
        row=row._replace(isolated=True, target=target, sources={**row.sources, _DEFINITION: planned.digest}),
        events=request.events,
    )


def _again(prepared: PreparedIsolatedRun, before: RunRow, request: Request) -> PreparedIsolatedRun:
    if prepared.row.target != before.target:
        difference = f"target: was '{before.target}', is '{prepared.row.target}'"
        raise ResumeError(before.run_id, job=before.job, differences=[difference], hint="Give it the same --target.")
    if request.repairs:
        check_parameters(prepared.traced, before)
    else:
        check_same(prepared.traced, before, prepared.row.sources)
    paths = RunPaths(prepared.planned.paths.root, before.job, before.run_id)
    return replace(
        prepared,
        planned=replace(prepared.planned, paths=paths),
        traced=replace(prepared.traced, paths=paths),
        row=prepared.row._replace(run_id=before.run_id, started=before.started),
        go_on=repaired if request.repairs else resumed,
    )


def run_isolated(prepared: PreparedIsolatedRun, listener: Listener, *, warn: Callable[[str], None]) -> IsolatedResult:
    """Run, and keep what happens in the store of the root.

    Args:
        prepared: the run.
        listener: is told what happens.
        warn: is told, in words, what went wrong beside the run's own work.

    Raises:
        StoreError: the store cannot be used.
        OutputError: the file for the events cannot be opened.
        RunError: another process runs it.
    """
    tasks = [task.key for task in prepared.planned.job.tasks]
    with begun(prepared, prepared.traced, tasks=tasks, listener=listener, warn=warn) as (memory, traced):
        planned = replace(prepared.planned, kept=traced.kept, tried=traced.tried, listener=memory.listen)
        result = run(planned)
        memory.end(result)
        return result
