"""Tasks that a project puts into each of its jobs: a DAG in, a DAG out."""

from __future__ import annotations

from dataclasses import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakewright.model.dag import Dag
    from lakewright.model.task import Task


def injected(dag: Dag, *, first: Sequence[Task] = (), last: Sequence[Task] = ()) -> Dag:
    """The DAG with tasks that all others wait for, and tasks that wait for all others.

    Args:
        dag: a job's own; one without a task stays as it is.
        first: what its roots are to wait for; these wait for nothing.
        last: what is to wait for its leaves; these do not wait for each other.

    Raises:
        DuplicateKeyError: the DAG has a task of that key already.

    >>> from lakewright.model.dag import Dag
    >>> from lakewright.model.reference import Reference
    >>> from lakewright.model.task import Task
    >>> audit = Task(key="audit", function=Reference("platform.audit", "audit"))
    >>> injected(Dag.from_edges([("load", "clean")]), last=[audit]).edges
    (('load', 'clean'), ('clean', 'audit'))
    """
    if not dag.tasks:
        return dag
    starts = tuple(task.key for task in first)
    roots = frozenset(dag.roots)
    own = (replace(task, after=(*task.after, *starts)) if task.key in roots else task for task in dag.tasks)
    ends = (replace(task, after=dag.leaves) for task in last)
    return replace(dag, tasks=(*first, *own, *ends))
