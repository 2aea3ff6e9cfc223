"""Runs on this machine that the store remembers: new ones, and those that go on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lakewright.errors.project import UsageError
from lakewright.execution.cache import CachePlace
from lakewright.execution.result import RunInterruptedError
from lakewright.execution.resume import check_parameters, check_same, repaired, resumed
from lakewright.execution.runner import run
from lakewright.execution.selecting import adopted, selected
from lakewright.io.files import put
from lakewright.io.paths import RunPaths
from lakewright.model.task import THREADS
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.running import project_of
from lakewright.project.memory import LATEST, Startable, begun, known, new_row, parameters_before, to_go_on_with

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lakewright.execution.events import Listener
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import RunResult
    from lakewright.execution.rows import AttemptRow, RunRow
    from lakewright.project.discovery import FoundJob


def _say_nothing(_warning: str) -> None:
    """Where nobody is there to be warned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for.

    Attributes:
        parameters: texts of job parameters.
        executor: how tasks run that choose nothing else.
        workers: how many tasks run side by side.
        resume: a run to go on with: its id, or `latest`.
        select: an expression that means the tasks to run; the others are left out.
        fails_fast: start nothing more once a task has failed.
        events: a file for what happens, as JSON lines; runs of several jobs follow each other in it.
        caches: whether tasks with `cache=True` may be taken from earlier runs.
        repairs: go on with the present code, and run again what failed and all that hangs on it.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    executor: str = THREADS
    workers: int = 4
    resume: str | None = None
    repairs: bool = False
    select: str | None = None
    fails_fast: bool = False
    caches: bool = True
    events: Path | None = None

    @property
    def goes_on(self) -> bool:
        """Whether an earlier run is to go on."""
        return self.resume is not None or self.repairs

    def open_events(self) -> None:
        """Make the file for what happens, or empty it.

        Raises:
            OutputError: it cannot be written.
        """
        # A pipe or a device is none to open twice.
        if self.events is not None and (self.events.is_file() or not self.events.exists()):
            put(str(self.events), b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun(Startable):
    """A run that can start.

    Attributes:
        caches: whether tasks may be taken from earlier runs.
    """

    found: FoundJob
    planned: RunPlan
    caches: bool = True


def prepare(found: Sequence[FoundJob], request: Request) -> tuple[PreparedRun, ...]:
    """The runs that a request means; every job is planned before the first one runs.

    Raises:
        ParameterError: a parameter that one of the jobs does not take.
        AuthoringError: a body that cannot be traced.
        UsageError: there is no run to go on with.
        ResumeError: it would not be the same run.
        OutputError: the file for the events cannot be written.
    """
    prepared = _prepared(found, request)
    request.open_events()
    return tuple(replace(each, caches=request.caches, events=request.events) for each in prepared)


def _prepared(found: Sequence[FoundJob], request: Request) -> tuple[PreparedRun, ...]:
    if not request.goes_on:
        return tuple(_new(each, request) for each in found)
    if request.select is not None:
        raise UsageError("--select starts a new run; --resume and --repair go on with all of an earlier one")
    earlier = to_go_on_with(found, request.resume or LATEST, isolated=False)
    return tuple(_again(each, before, request) for each, before in earlier)


def run_prepared(
    prepared: PreparedRun, listener: Listener, *, warn: Callable[[str], None] = _say_nothing
) -> RunResult[object]:
    """Run, and keep what happens in the store of the root, and what tasks print in their logs.

    Args:
        prepared: the run.
        listener: is told what happens.
        warn: is told, in words, what went wrong beside the run's own work.

    Raises:
        StoreError: the store cannot be used.
        OutputError: the file for the events cannot be opened.
        RunError: another process runs it.
        RunInterruptedError: Ctrl-C was pressed; what ran has ended.
    """
    planned = prepared.planned
    with begun(prepared, planned, tasks=planned.dag.nodes, listener=listener, warn=warn) as (memory, left):
        durations = memory.store.durations(prepared.row.job)
        place = CachePlace(project_of(prepared.found.job.body), lambda: memory.store) if prepared.caches else None
        try:
            result = run(replace(left, durations=durations, listener=memory.listen, keeps_logs=True, cache=place))
        except RunInterruptedError as error:
            memory.end(error.result)
            raise
        memory.end(result)
        return result


def _new(found: FoundJob, request: Request) -> PreparedRun:
    planned = _planned(found, {**found.job.bound, **request.parameters}, request)
    if request.select is None:
        return PreparedRun(found=found, planned=planned, row=new_row(found, planned))
    planned = selected(planned, request.select, known(found))
    row = new_row(found, planned)._replace(selection=request.select)
    return PreparedRun(found=found, planned=planned, row=row, go_on=adopted)


def _planned(found: FoundJob, given: Mapping[str, object], request: Request) -> RunPlan:
    planned = plan(found.job.body, given, executor=request.executor, max_workers=request.workers)
    return replace(planned, fails_fast=request.fails_fast)


def _again(found: FoundJob, before: RunRow, request: Request) -> PreparedRun:
    planned = _planned(found, {**parameters_before(found, before), **request.parameters}, request)
    planned = replace(planned, paths=RunPaths(planned.target.root, before.job, before.run_id))
    row = new_row(found, planned)._replace(started=before.started, selection=before.selection)
    if request.repairs:
        check_parameters(planned, before)
    else:
        check_same(planned, before, row.sources)
    if before.selection:
        # It has its inputs already, unless it ended before it took them.
        planned = selected(planned, before.selection, [before.run_id, *known(found)])
    return PreparedRun(found=found, planned=planned, row=row, go_on=_repaired if request.repairs else _resumed)


def _resumed(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    return resumed(adopted(planned), attempts)


def _repaired(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    return repaired(adopted(planned), attempts)
