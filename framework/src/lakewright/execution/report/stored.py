"""The evidence of a run that the store remembers: just ended, going on, or long gone with its process."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from itertools import groupby
from operator import attrgetter
from typing import Final

from lakewright.execution.gathering import record_of
from lakewright.execution.history import INTERRUPTED, RUNNING
from lakewright.execution.report.build import Ended, Evidence
from lakewright.execution.report.iterations import read_iterations
from lakewright.execution.report.plain import plain, read_log
from lakewright.execution.report.trim import LEVELS
from lakewright.execution.report.view import AttemptView, ErrorView
from lakewright.io.paths import RunPaths
from lakewright.model import binding_json
from lakewright.model.binding import Argument, Output
from lakewright.model.dag import Dag
from lakewright.model.loop import Loop
from lakewright.model.reference import Reference
from lakewright.model.states import State
from lakewright.model.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from lakewright.execution.rows import AttemptRow, RunRow
    from lakewright.model.record import CommitRecord

# Of the logs of a large run only so much is read; a page shows far less.
_MOST_READ: Final = 50_000_000


def stored_evidence(
    run: RunRow,
    attempts: Sequence[AttemptRow],
    dag: Dag,
    *,
    root: str,
    records: Mapping[str, CommitRecord] | None = None,
) -> Evidence:
    """What the store and the files of a run know of it.

    Args:
        run: as `history.actual` tells it.
        attempts: as `history.actual_attempts` tells them.
        dag: of the run.
        root: the folder that runs are kept in.
        records: commit records that are known already.
    """
    paths = RunPaths(root, run.job, run.run_id)
    # Iterations are shown with their task.
    attempts = [row for row in attempts if row.key in dag.nodes]
    views = _views(run, attempts)
    for task in dag.tasks:
        if task.loop and task.key in views:
            views[task.key] = _with_iterations(views[task.key], paths, task.key)
    last = {key: max(rows, key=lambda row: (row.began, row.attempt)) for key, rows in _by_key(attempts).items()}
    tasks = {}
    for key in dag.nodes:
        record = (records or {}).get(key) or record_of(paths, dag, key)
        tasks[key] = _ended(run, last.get(key), views=views.get(key, ()), record=record)
    ends = [each.start + each.seconds for found in views.values() for each in found]
    return Evidence(
        run_id=run.run_id,
        started=datetime.fromtimestamp(run.started, timezone.utc),
        seconds=max(ends, default=run.seconds or 0.0),
        tasks=tasks,
        folder=paths.folder,
        parameters=run.parameters,
        revision=run.revision,
        target=run.target,
        status=run.status if run.status in {RUNNING, INTERRUPTED} else "",
    )


def stored_dag(run: RunRow) -> Dag:
    """The DAG of a run as far as a picture needs it: the code that it came from may be gone."""
    content = json.loads(run.dag)
    tasks = tuple(_task(task) for task in content["tasks"])
    result = binding_json.from_json(content["result"]) if content["result"] else None
    return Dag(name=content["name"], tasks=tasks, result=result)


def _task(content: Mapping[str, Any]) -> Task:
    return Task(
        key=content["key"],
        function=Reference.parse(content["function"]),
        arguments=tuple(
            Argument(name, binding_json.from_json(source), kind) for name, kind, source in content["arguments"]
        ),
        after=tuple(content["after"]),
        loop=_loop(*content["loop"]) if "loop" in content else None,
    )


def _loop(over: Mapping[str, Any], concurrency: int) -> Loop | None:
    found = binding_json.from_json(over)
    return Loop(found, concurrency) if isinstance(found, Output) else None


def _by_key(attempts: Sequence[AttemptRow]) -> dict[str, list[AttemptRow]]:
    key = attrgetter("key")
    return {name: list(rows) for name, rows in groupby(sorted(attempts, key=key), key)}


def _ended(
    run: RunRow, last: AttemptRow | None, *, views: tuple[AttemptView, ...], record: CommitRecord | None
) -> Ended:
    if last is None:
        if run.status in {RUNNING, INTERRUPTED}:
            return Ended(State.PENDING, reason="" if run.status == RUNNING else "the process of the run was gone")
        return Ended(State.EXCLUDED, reason="not selected")
    if last.state == INTERRUPTED:
        return Ended(State.CANCELLED, views, reason="interrupted: the process of the run is gone")
    state = State(last.state)
    if state is State.SUCCESS:
        # An output that was not made in this run says where it comes from.
        return Ended(state, views, record, reason=last.reason, cache=_missed(last))
    return Ended(state, () if last.attempt == 0 else views, reason=last.reason, cache=_missed(last))


def _missed(last: AttemptRow) -> str:
    return f"not used: {last.cache}" if last.cache else ""


def _views(run: RunRow, attempts: Sequence[AttemptRow]) -> dict[str, tuple[AttemptView, ...]]:
    """The attempts of each task, in seconds of the run: what lies between two of its processes does not count."""
    made = [row for row in attempts if row.started is not None and row.attempt]
    room = min(LEVELS[0].failed, max(1000, _MOST_READ // max(1, len(made))))
    zeros = _zeros(run, made)
    found: dict[str, tuple[AttemptView, ...]] = {}
    for key, rows in _by_key(made).items():
        ordered = sorted(rows, key=lambda row: (row.began, row.attempt))
        found[key] = tuple(_view(row, zeros[row.began], room) for row in ordered)
    return found


def _with_iterations(views: tuple[AttemptView, ...], paths: RunPaths, key: str) -> tuple[AttemptView, ...]:
    """The attempts of a repeated task, the last one with what its iterations have printed."""
    log, cut = read_iterations(paths, key, LEVELS[0].failed)
    return (*views[:-1], replace(views[-1], log=log, cut=cut))


def _zeros(run: RunRow, made: Sequence[AttemptRow]) -> dict[float, float]:
    """For each process of the run, the moment since the epoch that is the start of the run in its time."""
    zeros: dict[float, float] = {}
    before = 0.0
    for began, rows in groupby(sorted(made, key=attrgetter("began")), attrgetter("began")):
        first = began or run.started
        zeros[began] = first - before
        before += max(_end(row) - first for row in rows)
    return zeros


def _end(row: AttemptRow) -> float:
    assert row.started is not None  # noqa: S101  only attempts that were made are asked
    return row.started + (row.seconds or 0.0)


def _view(row: AttemptRow, zero: float, room: int) -> AttemptView:
    kind, _, message = row.error.partition(": ")
    error = ErrorView(type=kind, message=plain(message), traceback=row.traceback) if row.error else None
    log, cut = read_log(row.log, room)
    return AttemptView(
        number=row.attempt,
        start=max(0.0, _end(row) - (row.seconds or 0.0) - zero),
        seconds=row.seconds or 0.0,
        state=State.CANCELLED.value if row.state == INTERRUPTED else row.state,
        error=error,
        log=log,
        cut=cut,
    )
