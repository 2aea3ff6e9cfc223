"""Packages of a run that its clean-up has removed: made again before a run goes on whose tasks need them."""

from __future__ import annotations

from lakewright.dependencies.opened import local_path
from lakewright.execution.provision.tasks import CLEANUP, WHEELHOUSE_PATH
from lakewright.io.commit import remove_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.execution.plan import RunPlan
    from lakewright.model.record import CommitRecord


def without_gone_packages(planned: RunPlan, kept: Mapping[str, CommitRecord]) -> dict[str, CommitRecord]:
    """What is done of a run, but for making packages that are gone and needed again, and for removing them.

    The records of these tasks are removed. Tasks that have used the packages stay done.

    Args:
        planned: the run.
        kept: what of it is done.
    """
    gone = set(_gone(planned, kept))
    again = (gone | {CLEANUP}) & kept.keys() if gone else gone
    for key in again:
        remove_record(planned.paths, key)
    return {key: record for key, record in kept.items() if key not in again}


def _gone(planned: RunPlan, kept: Mapping[str, CommitRecord]) -> Iterator[str]:
    """The tasks that have made packages which are not there any more, for tasks that are still to run."""
    for task in planned.dag.tasks:
        record = kept.get(task.packages_from)
        if record is None or task.key in kept.keys() | planned.left_out:
            continue
        made = record.stored.value if record.stored else None
        if isinstance(made, dict) and not local_path(made[WHEELHOUSE_PATH]).exists():
            yield task.packages_from
