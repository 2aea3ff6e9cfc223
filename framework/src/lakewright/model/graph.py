"""Directed graphs of names: order, stages, reach. Linear time, no recursion, one deterministic result."""

from __future__ import annotations

from collections import deque

from lakewright.errors.authoring import CycleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Adjacency = Mapping[str, Sequence[str]]


def topological_order(nodes: Sequence[str], downstream: Adjacency) -> tuple[str, ...]:
    """The nodes, each after all its upstreams; of those that are ready, the one that was ready first.

    Raises:
        CycleError: there is a cycle; the error names it.

    >>> topological_order(["c", "a", "b"], {"a": ["b"], "b": ["c"]})
    ('a', 'b', 'c')
    """
    waiting = _indegrees(nodes, downstream)
    ready = deque(node for node in nodes if not waiting[node])
    order: list[str] = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for follower in downstream.get(node, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    if len(order) < len(nodes):
        raise CycleError(find_cycle([node for node in nodes if waiting[node]], downstream))
    return tuple(order)


def _indegrees(nodes: Sequence[str], downstream: Adjacency) -> dict[str, int]:
    waiting = dict.fromkeys(nodes, 0)
    for node in nodes:
        for follower in downstream.get(node, ()):
            waiting[follower] += 1
    return waiting


def find_cycle(nodes: Sequence[str], downstream: Adjacency) -> tuple[str, ...]:
    """The nodes of one cycle in walking order; empty when there is none.

    >>> find_cycle(["a", "b"], {"a": ["b"], "b": ["a"]})
    ('a', 'b')
    """
    finished: set[str] = set()
    for start in nodes:
        path: dict[str, None] = {}
        # One iterator a node on the path stands for the call stack that recursion would need.
        pending = [(start, iter(downstream.get(start, ())))] if start not in finished else []
        path[start] = None
        while pending:
            node, followers = pending[-1]
            follower = next((name for name in followers if name not in finished), None)
            if follower is None:
                finished.add(node)
                path.pop(node, None)
                pending.pop()
            elif follower in path:
                walk = list(path)
                return tuple(walk[walk.index(follower) :])
            else:
                path[follower] = None
                pending.append((follower, iter(downstream.get(follower, ()))))
    return ()


def stages(nodes: Sequence[str], downstream: Adjacency) -> tuple[tuple[str, ...], ...]:
    """The nodes by the length of the longest path that leads to them: what could run side by side.

    >>> stages(["a", "b", "c", "d"], {"a": ["b", "c"], "b": ["d"], "c": ["d"]})
    (('a',), ('b', 'c'), ('d',))
    """
    level = dict.fromkeys(nodes, 0)
    for node in topological_order(nodes, downstream):
        for follower in downstream.get(node, ()):
            level[follower] = max(level[follower], level[node] + 1)
    found: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node in nodes:
        found[level[node]].append(node)
    return tuple(tuple(stage) for stage in found)


def longest_paths(nodes: Sequence[str], downstream: Adjacency, weights: Mapping[str, float]) -> dict[str, float]:
    """For each node the greatest sum of weights on a path from it, its own included; what has no weight weighs nothing.

    >>> longest_paths(["a", "b", "c"], {"a": ["b", "c"]}, {"a": 1, "b": 2, "c": 5})
    {'a': 6, 'b': 2, 'c': 5}
    """
    found: dict[str, float] = {}
    for node in reversed(topological_order(nodes, downstream)):
        ahead = max((found[follower] for follower in downstream.get(node, ())), default=0)
        found[node] = weights.get(node, 0) + ahead
    return {node: found[node] for node in nodes}


def walk(start: str, neighbours: Callable[[str], Sequence[str]]) -> Iterator[str]:
    """All nodes that can be walked to from `start`, each once, the nearest first.

    >>> list(walk("a", {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}.__getitem__))
    ['b', 'c', 'd']
    """
    seen = {start}
    pending = deque([start])
    while pending:
        for node in neighbours(pending.popleft()):
            if node not in seen:
                seen.add(node)
                pending.append(node)
                yield node


def reach(starts: Iterable[str], adjacency: Adjacency) -> frozenset[str]:
    """All nodes that can be walked to from `starts`, the starts themselves left out unless a path leads back.

    >>> sorted(reach(["a"], {"a": ["b"], "b": ["c"]}))
    ['b', 'c']
    """
    found: set[str] = set()
    pending = [follower for start in starts for follower in adjacency.get(start, ())]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.extend(adjacency.get(node, ()))
    return frozenset(found)
