"""Packages of a run that its clean-up has removed: made again before a run goes on whose tasks need them."""

from __future__ import annotations

from lakewright.execution.gathering import apart
from lakewright.io.commit import remove_record
from lakewright.model import graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.execution.plan import RunPlan
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


def without_gone_packages(planned: RunPlan, kept: Mapping[str, CommitRecord]) -> dict[str, CommitRecord]:
    """What is done of a run, but for making packages that are gone and needed again, and for removing them.

    The records of these tasks are removed. Tasks that have used the packages stay done, but for those by way of which
    alone another one waits for the packages: they run again.

    Args:
        planned: the run.
        kept: what of it is done.
    """
    dag = planned.dag
    needing = [key for key in dag.nodes if key not in kept.keys() | planned.left_out and _lacks(dag.task(key), kept)]
    if not needing:
        return dict(kept)
    from lakewright.execution.provision.tasks import CLEANUP

    again = {CLEANUP, *(dag.task(key).packages_from for key in needing)}
    indirect = [key for key in needing if dag.task(key).packages_from not in dag.upstream(key)]
    again |= set(graph.reach(indirect, {key: dag.upstream(key) for key in dag.nodes}))
    for key in again & kept.keys():
        for each in apart(kept[key], dag):
            remove_record(planned.paths, each.task)
    return {key: record for key, record in kept.items() if key not in again}


def _lacks(task: Task, kept: Mapping[str, CommitRecord]) -> bool:
    """Whether the packages of a task have been made and are not there any more."""
    record = kept.get(task.packages_from) if task.packages_from else None
    made = record.stored.value if record and record.stored else None
    if not isinstance(made, dict):
        return False
    # Few runs have packages, and every run asks.
    from lakewright.dependencies.opened import local_path
    from lakewright.execution.provision.tasks import WHEELHOUSE_PATH

    return not local_path(made[WHEELHOUSE_PATH]).exists()
