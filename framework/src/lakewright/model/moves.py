"""Calls whose key is another than it was, because another call of the same task came before theirs, or went."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.model.dag import Dag
    from lakewright.model.task import Task


class Move(NamedTuple):
    """A call that has another key.

    Attributes:
        task: as it is now.
        before: the key that it had.
    """

    task: Task
    before: str


def moves(before: Dag, after: Dag) -> tuple[Move, ...]:
    """The calls that are in both DAGs, under other keys, where one of the two is now or was that of another call.

    What the platform keeps by key, such as the history of runs, is then that of another call. A key that a person has
    given stays with its call, so only keys that are numbered move.

    Args:
        before: as it was.
        after: as it is.
    """
    old, new = _single(before), _single(after)
    place = {key: number for number, key in enumerate(after.nodes)}
    moved = [Move(task, old[call].key) for call, task in new.items() if call in old and task.key != old[call].key]
    taken = (move for move in moved if move.before in after.nodes or move.task.key in before.nodes)
    return tuple(sorted(taken, key=lambda move: place[move.task.key]))


def _single(dag: Dag) -> Mapping[str, Task]:
    """Tasks by what they do and what they take, but for what several do alike."""
    # Only checks compare.
    from hashlib import sha256

    digests: dict[str, str] = {}
    found: dict[str, list[Task]] = {}
    for key in dag.topological_sort():
        task, upstreams = dag.task(key), dag.upstream(key)
        text = repr((replace(task, key="", location=None), [digests[upstream] for upstream in upstreams]))
        for number, upstream in enumerate(upstreams):
            text = text.replace(f"'{upstream}'", f"<{number}>")
        digests[key] = sha256(text.encode()).hexdigest()
        found.setdefault(digests[key], []).append(task)
    return {digest: tasks[0] for digest, tasks in found.items() if len(tasks) == 1}
