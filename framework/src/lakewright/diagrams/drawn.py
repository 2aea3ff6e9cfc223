"""What of a DAG is drawn: gates are left out, and what they hold back is drawn to hang on what they wait for."""

from __future__ import annotations

from typing import NamedTuple

from lakewright.model.binding import Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakewright.model.dag import Dag
    from lakewright.model.task import Task


class Arrow(NamedTuple):
    """An arrow of a picture.

    Attributes:
        has_data: whether data flows along it.
        outcome: of a condition, `true` or `false`; empty for everything else.
    """

    upstream: str
    downstream: str
    has_data: bool
    outcome: str = ""


def is_gate(task: Task) -> bool:
    """Whether a task compares nothing, and only holds back others."""
    return bool(task.operator) and all(isinstance(argument.binding, Constant) for argument in task.arguments)


def drawn_tasks(dag: Dag) -> tuple[Task, ...]:
    """The tasks without gates, in declaration order."""
    return tuple(task for task in dag.tasks if not is_gate(task))


def arrows(dag: Dag) -> tuple[Arrow, ...]:
    """The arrows between them, one for each pair and outcome."""
    if not any(task.operator for task in dag.tasks):
        data = {(edge.upstream, edge.downstream) for edge in dag.data_edges if edge.argument is not None}
        return tuple(Arrow(*pair, pair in data) for pair in dag.edges)
    found: dict[tuple[str, str, str], Arrow] = {}
    for task in drawn_tasks(dag):
        for arrow in _into(dag, task):
            found.setdefault((arrow.upstream, arrow.downstream, arrow.outcome), arrow)
    return tuple(found.values())


def _into(dag: Dag, task: Task) -> Iterator[Arrow]:
    edges = [edge for edge in dag.data_edges if edge.downstream == task.key]
    taken = {edge.upstream for edge in edges if edge.argument is not None}
    yield from (Arrow(key, task.key, has_data=True) for key in dict.fromkeys(e.upstream for e in edges) if key in taken)
    for edge in edges:
        if edge.argument is None and edge.upstream not in taken:
            for key, outcome in _behind(dag, edge.upstream, "" if edge.outcome is None else str(edge.outcome).lower()):
                if key not in taken:
                    yield Arrow(key, task.key, has_data=False, outcome=outcome)


def _behind(dag: Dag, key: str, outcome: str) -> Iterator[tuple[str, str]]:
    """A task and its outcome; of a gate what it waits for."""
    task = dag.task(key)
    if not is_gate(task):
        yield key, outcome
        return
    for when in task.when:
        yield from _behind(dag, when.task, when.text)
    for waited in task.after:
        yield from _behind(dag, waited, "")
