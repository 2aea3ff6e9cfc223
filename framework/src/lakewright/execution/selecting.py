"""A run of some tasks only: what they need from others comes from earlier runs."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from lakewright.errors.running import MissingInputError
from lakewright.execution.gathering import apart, record_of
from lakewright.io.files import put
from lakewright.io.paths import RunPaths
from lakewright.model.binding import Join, leaves, upstream_of
from lakewright.model.loop import task_of
from lakewright.model.selection import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from lakewright.execution.plan import RunPlan
    from lakewright.model.binding import Side
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


def selected(planned: RunPlan, expression: str, run_ids: Sequence[str]) -> RunPlan:
    """The plan of the selected tasks; each input comes from the latest run that has it.

    Args:
        planned: the plan of the whole job.
        expression: as `model.selection` reads it.
        run_ids: earlier runs of the job, the latest first.

    Raises:
        SelectionError: the expression means no task.
        MissingInputError: no earlier run has an input of the selected tasks.
    """
    dag = planned.dag
    chosen = frozenset(select(dag, expression))
    wanted = chosen | _gates(dag, chosen)
    runs = [_Earlier(RunPaths(planned.paths.root, planned.paths.job, run_id), dag) for run_id in run_ids]
    takers = [dag.task(key) for key in dag.nodes if key in wanted]
    needed = {
        edge.upstream: edge.downstream
        for edge in dag.data_edges
        if edge.argument and edge.downstream in wanted and edge.upstream not in dag.task(edge.downstream).gated
    }
    # What is only waited for may be missing: the others are then judged as if it were not there.
    awaited = {upstream for task in takers for upstream in (*dag.upstream(task.key), *task.gated)}
    found = {key: next(filter(None, (run.record(key) for run in runs)), None) for key in awaited - wanted}
    for joins in _together(takers):
        found.update(_of_one_run(joins, runs, required=needed.keys() - wanted))
        missing = next((join for join in joins if not join.keys & wanted and not join.is_made_of(found)), None)
        if missing is not None:
            upstream = next(key for key in dag.nodes if key in missing.keys)
            raise MissingInputError(upstream, downstream=missing.downstream, job=dag.name)
    kept = {key: record for key in dag.nodes if (record := found.get(key)) is not None and key not in wanted}
    for key in dag.nodes:
        if key in needed and key not in wanted and key not in kept:
            raise MissingInputError(key, downstream=needed[key], job=dag.name)
    return replace(planned, kept=kept, left_out=frozenset(dag.nodes) - {*wanted, *kept})


def _gates(dag: Dag, chosen: frozenset[str]) -> frozenset[str]:
    """The gates by which selected tasks wait for others that are selected."""
    whens = ((task, when.task) for key in chosen for task in (dag.task(key),) for when in task.when)
    return frozenset(gate for task, gate in whens if chosen.intersection(task.gated).intersection(dag.upstream(gate)))


class _Earlier:
    """An earlier run; each record of it is looked for once."""

    def __init__(self, paths: RunPaths, dag: Dag) -> None:
        self._paths = paths
        self._dag = dag
        self._known: dict[str, CommitRecord | None] = {}

    def record(self, key: str) -> CommitRecord | None:
        """The record of a task; None where this run has none."""
        if key not in self._known:
            self._known[key] = record_of(self._paths, self._dag, key)
        return self._known[key]


class _Join(NamedTuple):
    """What a task takes behind branches; each side is the tasks that it needs."""

    downstream: str
    sides: tuple[frozenset[str], ...]

    @property
    def keys(self) -> frozenset[str]:
        """The tasks of all sides."""
        return frozenset().union(*self.sides)

    def is_made_of(self, records: Mapping[str, CommitRecord | None]) -> bool:
        """Whether all that one of the sides needs is there."""
        return any(all(records.get(key) is not None for key in side) for side in self.sides)


def _together(takers: Iterable[Task]) -> list[list[_Join]]:
    """The joins that some tasks take; those that share a task stand together."""
    groups: list[list[_Join]] = []
    for join in (join for task in takers for join in _joins(task)):
        sharing = [group for group in groups if any(join.keys & other.keys for other in group)]
        groups = [group for group in groups if group not in sharing]
        groups.append([*(other for group in sharing for other in group), join])
    return groups


def _joins(task: Task) -> Iterator[_Join]:
    for argument in task.arguments:
        if isinstance(argument.binding, Join):
            yield _Join(task.key, tuple(map(_needs, argument.binding.sides)))


def _needs(side: Side) -> frozenset[str]:
    upstreams = (upstream_of(leaf) for leaf in leaves(side.binding))
    return frozenset(map(task_of, side.markers)) | {key for key in upstreams if key is not None}


def _of_one_run(
    joins: Sequence[_Join], runs: Iterable[_Earlier], *, required: AbstractSet[str]
) -> dict[str, CommitRecord | None]:
    """What joins take, all of it from the latest run that has it: sides of several runs would tell of no run's way."""
    keys = frozenset().union(*(join.keys for join in joins))
    for run in runs:
        records = {key: run.record(key) for key in keys}
        if all(records[key] for key in keys & required) and all(join.is_made_of(records) for join in joins):
            return records
    return dict.fromkeys(keys)


def adopted(planned: RunPlan, _attempts: object = ()) -> RunPlan:
    """The plan, its run now holding the records that it takes from others: tasks in processes look for them there."""
    for record in planned.kept.values():
        if record.run_id != planned.paths.run_id:
            for each in apart(record, planned.dag):
                adopt(planned.paths, each.task, each)
    return planned


def adopt(paths: RunPaths, key: str, record: CommitRecord) -> None:
    """Let a run hold the record of a task that another run has made."""
    put(paths.record(key), record.to_json().encode())
