"""A run of some tasks only: what they need from others comes from earlier runs."""

from __future__ import annotations

from dataclasses import replace

from lakewright.errors.running import MissingInputError
from lakewright.execution.gathering import apart, record_of
from lakewright.io.files import put
from lakewright.io.paths import RunPaths
from lakewright.model.selection import select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lakewright.execution.plan import RunPlan
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord


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
    wanted = select(dag, expression)
    # Of tasks in branches only those can be there that have run.
    needed = {
        edge.upstream: edge
        for edge in dag.data_edges
        if edge.argument and edge.downstream in wanted and edge.upstream not in dag.task(edge.downstream).gated
    }
    awaited = {upstream for key in wanted for upstream in (*dag.upstream(key), *dag.task(key).gated)}
    earlier = [RunPaths(planned.paths.root, planned.paths.job, run_id) for run_id in run_ids]
    kept: dict[str, CommitRecord] = {}
    for key in dag.nodes:
        if key in wanted or key not in awaited:
            continue
        record = _latest(earlier, dag, key)
        if record is not None:
            kept[key] = record
        elif key in needed:
            raise MissingInputError(key, downstream=needed[key].downstream, job=dag.name)
    left_out = frozenset(dag.nodes) - {*wanted, *kept}
    return replace(planned, kept=kept, left_out=left_out)


def _latest(earlier: Iterable[RunPaths], dag: Dag, key: str) -> CommitRecord | None:
    return next((record for paths in earlier if (record := record_of(paths, dag, key)) is not None), None)


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
