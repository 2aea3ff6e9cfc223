"""What a project remembers of its runs: a row for each, in a store at the root, while it goes on and afterwards."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lakewright.errors.project import UsageError
from lakewright.errors.running import RunError
from lakewright.execution.event_log import EventLog
from lakewright.execution.history import RUNNING, RunHistory
from lakewright.execution.rows import RunRow
from lakewright.execution.store import FILE, RunStore
from lakewright.io.local import local_target
from lakewright.loading.sources import closure, locked
from lakewright.pipelines.running import project_of
from lakewright.project.git import revision
from lakewright.text.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.execution.events import Listener, TaskEvent
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import Finished
    from lakewright.execution.rows import AttemptRow
    from lakewright.project.discovery import FoundJob

    GoOn = Callable[[RunPlan, Sequence[AttemptRow]], RunPlan]

LATEST: Final = "latest"
# What to do where only a run of the other kind is there, by whether an isolated one was wanted.
_OF_THE_OTHER_KIND: Final = {
    False: "There is an isolated one: add --isolated.",
    True: "There is one that is not isolated: leave --isolated out.",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """Where a run that goes on is remembered.

    Attributes:
        store: of the project.
        listen: is to be told what happens.
        end: is to be told how the run ended.
    """

    store: RunStore
    listen: Listener
    end: Callable[[Finished], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    """A run that can start.

    Attributes:
        row: what the store keeps of it.
        go_on: takes over what an earlier process has done; None for a new run.
        events: a file for what happens, as JSON lines.
    """

    row: RunRow
    go_on: GoOn | None = None
    events: Path | None = None


@contextmanager
def begun(
    prepared: Startable, planned: RunPlan, *, tasks: Sequence[str], listener: Listener, warn: Callable[[str], None]
) -> Iterator[tuple[Memory, RunPlan]]:
    """Within `with`, the run is in the store, is locked, and goes on for everybody else; and what is left to do.

    Args:
        prepared: the run.
        planned: what it would do if it were new.
        tasks: the keys of its tasks.
        listener: is told what happens, after the store.
        warn: is told, in words, what went wrong beside the run's own work.

    Raises:
        StoreError: the store cannot be used.
        OutputError: the file for the events cannot be opened.
        RunError: another process runs it, or removes what it would take outputs from.
    """
    row, paths = prepared.row, planned.paths
    with ExitStack() as stack:
        store = stack.enter_context(closing(store_at(paths.root)))
        history = stack.enter_context(RunHistory(store, row, paths))
        listeners, ends = [history.listen, listener], [history.end]
        if prepared.events is not None:
            log = EventLog(str(prepared.events), paths, parameters=row.parameters, tasks=tasks, warn=warn)
            stack.enter_context(log)
            listeners.append(log.listen)
            ends.append(log.end)
        _use(store, row, planned)
        if prepared.go_on is not None:
            # Only now that the run is ours: what it has done can change no more.
            planned = prepared.go_on(planned, store.attempts(row.job, row.run_id))
        yield Memory(store, _all(listeners), _each(ends)), planned


def _use(store: RunStore, row: RunRow, planned: RunPlan) -> None:
    """Keep the runs that outputs are taken from, until this one is removed."""
    for source in sorted({record.run_id for record in planned.kept.values()} - {row.run_id}):
        if not store.use(row.job, row.run_id, source):
            message = (
                f"run '{source}' of job '{row.job}' is just being removed, and this run would take outputs from it"
            )
            raise RunError(message, hint="Start it again: it then takes them from another run.")


def _all(listeners: Sequence[Listener]) -> Listener:
    def listen(event: TaskEvent) -> None:
        for listener in listeners:
            listener(event)

    return listen


def _each(ends: Sequence[Callable[[Finished], None]]) -> Callable[[Finished], None]:
    def end(result: Finished) -> None:
        for each in ends:
            each(result)

    return end


def new_row(found: FoundJob, planned: RunPlan) -> RunRow:
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


def parameters_before(found: FoundJob, before: RunRow) -> Mapping[str, str]:
    """The parameters that a run has begun with, as far as its job still has them."""
    known = {parameter.name for parameter in found.job.dag.parameters}
    return {name: text for name, text in before.parameters.items() if name in known}


def to_go_on_with(found: Sequence[FoundJob], wanted: str, *, isolated: bool) -> Sequence[tuple[FoundJob, RunRow]]:
    """The runs that are meant, of those jobs that have one.

    Args:
        found: the jobs.
        wanted: a run id, or `latest`.
        isolated: whether they execute the generated definition.

    Raises:
        UsageError: none of them has.
    """
    earlier = [(each, run) for each in found if (run := _earlier(each, wanted, isolated=isolated)) is not None]
    if earlier:
        return earlier
    jobs = ", ".join(f"'{each.job.name}'" for each in found)
    message = f"there is no {'isolated run' if isolated else 'run'} '{wanted}' of {jobs} to go on with"
    if any(_earlier(each, wanted, isolated=not isolated) for each in found):
        raise UsageError(message, hint=_OF_THE_OTHER_KIND[isolated])
    ids = [run_id for each in found for run_id in known(each, isolated=isolated)]
    raise UsageError(f"{message}{did_you_mean(wanted, ids)}")


def _earlier(found: FoundJob, wanted: str, *, isolated: bool) -> RunRow | None:
    with _store_of(found) as store:
        if store is None:
            return None
        if wanted == LATEST:
            return next(iter(store.runs(found.job.name, limit=1, isolated=isolated)), None)
        run = store.run(wanted, found.job.name)
        return run if run is not None and run.isolated == isolated else None


def known(found: FoundJob, *, isolated: bool = False) -> tuple[str, ...]:
    """The ids of the job's runs of one kind, the latest first."""
    with _store_of(found) as store:
        return store.run_ids(found.job.name, isolated=isolated) if store else ()


@contextmanager
def _store_of(found: FoundJob) -> Iterator[RunStore | None]:
    """The store of the job's project; None where nothing has run."""
    root = local_target(found.job.body.file).root
    if not (Path(root) / FILE).is_file():
        yield None
        return
    with closing(store_at(root)) as store:
        yield store


def store_at(root: str) -> RunStore:
    """The store below a root."""
    return RunStore(Path(root) / FILE)
