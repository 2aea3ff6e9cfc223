"""Runs on this machine that the store remembers: new ones, and those that go on."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.errors.project import UsageError
from lakewright.errors.running import RunError
from lakewright.execution.cache import CachePlace
from lakewright.execution.event_log import EventLog
from lakewright.execution.history import RUNNING, RunHistory
from lakewright.execution.result import RunInterruptedError
from lakewright.execution.resume import check_parameters, check_same, repaired, resumed
from lakewright.execution.rows import RunRow
from lakewright.execution.runner import run
from lakewright.execution.selecting import adopted, selected
from lakewright.execution.store import FILE, RunStore
from lakewright.io.files import put
from lakewright.io.local import local_target
from lakewright.io.paths import RunPaths
from lakewright.loading.sources import closure, locked
from lakewright.model.task import THREADS
from lakewright.pipelines.arguments import plan
from lakewright.pipelines.running import project_of
from lakewright.project.git import revision
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.execution.events import Listener, TaskEvent
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import RunResult
    from lakewright.execution.rows import AttemptRow
    from lakewright.project.discovery import FoundJob

    GoOn = Callable[[RunPlan, Sequence[AttemptRow]], RunPlan]

LATEST: Final = "latest"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """A run that can start.

    Attributes:
        row: what the store keeps of it.
        go_on: takes over what an earlier process has done; None for a new run.
        caches: whether tasks may be taken from earlier runs.
    """

    found: FoundJob
    planned: RunPlan
    row: RunRow
    go_on: GoOn | None = None
    caches: bool = True
    events: Path | None = None


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
    if request.events is not None and (request.events.is_file() or not request.events.exists()):
        # Made, or emptied; a pipe or a device is none to open twice.
        put(str(request.events), b"")
    return tuple(replace(each, caches=request.caches, events=request.events) for each in prepared)


def _prepared(found: Sequence[FoundJob], request: Request) -> tuple[PreparedRun, ...]:
    if request.resume is None and not request.repairs:
        return tuple(_new(each, request) for each in found)
    if request.select is not None:
        raise UsageError("--select starts a new run; --resume and --repair go on with all of an earlier one")
    wanted = request.resume or LATEST
    earlier = [(each, run) for each in found if (run := _earlier(each, wanted)) is not None]
    if not earlier:
        jobs = ", ".join(f"'{each.job.name}'" for each in found)
        raise UsageError(f"there is no run '{wanted}' of {jobs} to go on with{_suggestion(found, wanted)}")
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
    planned, row = prepared.planned, prepared.row
    with closing(_store(planned.target.root)) as store, RunHistory(store, row, planned.paths) as history:
        _use(store, row, planned)
        if prepared.go_on is not None:
            # Only now that the run is ours: what it has done can change no more.
            planned = prepared.go_on(planned, store.attempts(row.job, row.run_id))
        planned = replace(planned, durations=store.durations(row.job))
        if prepared.caches:
            planned = replace(planned, cache=CachePlace(project_of(prepared.found.job.body), lambda: store))
        heard = _both(history.listen, listener)
        if prepared.events is None:
            return _remembered(replace(planned, listener=heard), history.end)
        with EventLog(str(prepared.events), planned, warn=warn) as events:
            return _remembered(replace(planned, listener=_both(heard, events.listen)), history.end, events.end)


def _remembered(planned: RunPlan, *ends: Callable[[RunResult[object]], None]) -> RunResult[object]:
    """Run, and tell all who remember it how it ended, also when it was interrupted."""
    try:
        result = run(replace(planned, keeps_logs=True))
    except RunInterruptedError as error:
        for end in ends:
            end(error.result)
        raise
    for end in ends:
        end(result)
    return result


def _use(store: RunStore, row: RunRow, planned: RunPlan) -> None:
    """Keep the runs that outputs are taken from, until this one is removed."""
    for source in sorted({record.run_id for record in planned.kept.values()} - {row.run_id}):
        if not store.use(row.job, row.run_id, source):
            message = (
                f"run '{source}' of job '{row.job}' is just being removed, and this run would take outputs from it"
            )
            raise RunError(message, hint="Start it again: it then takes them from another run.")


def _both(first: Listener, second: Listener) -> Listener:
    def listen(event: TaskEvent) -> None:
        first(event)
        second(event)

    return listen


def _new(found: FoundJob, request: Request) -> PreparedRun:
    planned = _planned(found, {**found.job.bound, **request.parameters}, request)
    if request.select is None:
        return PreparedRun(found=found, planned=planned, row=_row(found, planned))
    planned = selected(planned, request.select, _known(found))
    row = _row(found, planned)._replace(selection=request.select)
    return PreparedRun(found=found, planned=planned, row=row, go_on=adopted)


def _planned(found: FoundJob, given: Mapping[str, object], request: Request) -> RunPlan:
    planned = plan(found.job.body, given, executor=request.executor, max_workers=request.workers)
    return replace(planned, fails_fast=request.fails_fast)


def _again(found: FoundJob, before: RunRow, request: Request) -> PreparedRun:
    known = {parameter.name for parameter in found.job.dag.parameters}
    given = {name: text for name, text in before.parameters.items() if name in known}
    planned = _planned(found, {**given, **request.parameters}, request)
    planned = replace(planned, paths=RunPaths(planned.target.root, before.job, before.run_id))
    row = _row(found, planned)._replace(started=before.started, selection=before.selection)
    if request.repairs:
        check_parameters(planned, before)
    else:
        check_same(planned, before, row.sources)
    if before.selection:
        # It has its inputs already, unless it ended before it took them.
        planned = selected(planned, before.selection, [before.run_id, *_known(found)])
    return PreparedRun(found=found, planned=planned, row=row, go_on=_repaired if request.repairs else _resumed)


def _resumed(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    return resumed(adopted(planned), attempts)


def _repaired(planned: RunPlan, attempts: Sequence[AttemptRow]) -> RunPlan:
    return repaired(adopted(planned), attempts)


def _row(found: FoundJob, planned: RunPlan) -> RunRow:
    """What the store keeps of a run that starts now: enough to tell later whether it can go on."""
    project = project_of(found.job.body)
    modules = {task.function.module for task in planned.dag.tasks} | {found.job.body.module}
    return RunRow(
        run_id=planned.paths.run_id,
        job=planned.dag.name,
        reference=found.reference,
        digest=planned.dag.digest,
        dag=planned.dag.to_json(),
        parameters=dict(planned.parameter_texts),
        sources={**closure(modules, project), **locked(project)},
        revision=revision(project),
        started=time.time(),
        status=RUNNING,
    )


def _earlier(found: FoundJob, wanted: str) -> RunRow | None:
    with _store_of(found) as store:
        if store is None:
            return None
        if wanted != LATEST:
            return store.run(wanted, found.job.name)
        return next(iter(store.runs(found.job.name, limit=1)), None)


def _known(found: FoundJob) -> tuple[str, ...]:
    """The ids of the job's runs, the latest first."""
    with _store_of(found) as store:
        return store.run_ids(found.job.name) if store else ()


@contextmanager
def _store_of(found: FoundJob) -> Iterator[RunStore | None]:
    """The store of the job's project; None where nothing has run."""
    root = local_target(found.job.body.file).root
    if not (Path(root) / FILE).is_file():
        yield None
        return
    with closing(_store(root)) as store:
        yield store


def _suggestion(found: Sequence[FoundJob], wanted: str) -> str:
    return did_you_mean(wanted, [run_id for each in found for run_id in _known(each)])


def _store(root: str) -> RunStore:
    return RunStore(Path(root) / FILE)
