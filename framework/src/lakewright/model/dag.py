"""The DAG of a job: one value, whatever front end wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from lakewright.errors.authoring import CycleError, DuplicateKeyError, UnknownTaskError
from lakewright.model import binding_json, graph, links
from lakewright.model.judging import Need
from lakewright.model.published import published
from lakewright.model.reference import Reference
from lakewright.model.task import Task
from lakewright.model.values import to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.model.binding import Binding, Output
    from lakewright.model.edge import Edge
    from lakewright.model.parameter import Parameter
    from lakewright.model.published import Published, What
    from lakewright.model.retry import Retry
    from lakewright.model.storage import Access, Storage

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Dag:
    """Tasks and what flows between them.

    Comparable and hashable; `digest` names it across processes. Every lookup is computed once.

    Args:
        name: the job's name.
        tasks: the tasks in declaration order.
        parameters: the job's parameters.
        result: what the body returns.

    Raises:
        DuplicateKeyError: two tasks have one key.
        UnknownTaskError: a task takes the output of, or waits for, a task that is not there.
        CycleError: tasks wait for each other.

    >>> dag = Dag.from_edges([("load", "clean"), ("clean", "report")])
    >>> dag.stages()
    (('load',), ('clean',), ('report',))
    >>> dag.upstream("report")
    ('clean',)
    """

    name: str
    tasks: tuple[Task, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    result: Binding | None = None

    def __post_init__(self) -> None:
        if len(self._by_key) < len(self.tasks):
            self._refuse_duplicate()
        if not self._is_in_order():
            self._check_upstreams()
            self._check_cycles()

    def _refuse_duplicate(self) -> None:
        first: dict[str, Task] = {}
        for task in self.tasks:
            known = first.setdefault(task.key, task)
            if known is not task:
                raise DuplicateKeyError.task(task.key, location=task.location, first=known.location)

    def _is_in_order(self) -> bool:
        """Whether each task stands behind all its upstreams, as traced ones do: then there is nothing else to check."""
        seen: set[str] = set()
        for key, upstreams in self._upstream.items():
            if not seen.issuperset(upstreams):
                return False
            seen.add(key)
        return True

    def _check_upstreams(self) -> None:
        for key, upstreams in self._upstream.items():
            for upstream in upstreams:
                if upstream not in self._by_key:
                    location = self._by_key[key].location
                    raise UnknownTaskError(upstream, known=self._by_key, job=self.name, location=location)

    def _check_cycles(self) -> None:
        try:
            # Sorting is the check.
            self.topological_sort()
        except CycleError as error:
            raise CycleError(error.cycle, location=self.task(error.cycle[0]).location) from None

    @classmethod
    def from_edges(cls, pairs: Iterable[tuple[str, str]], *, name: str = "dag", nodes: Iterable[str] = ()) -> Dag:
        """A DAG of order-only edges, for tests, pictures and algorithms."""
        after: dict[str, list[str]] = {node: [] for node in nodes}
        for upstream, downstream in pairs:
            after.setdefault(upstream, [])
            after.setdefault(downstream, []).append(upstream)
        tasks = (Task(key=key, function=Reference("graph", "node"), after=tuple(ups)) for key, ups in after.items())
        return cls(name=name, tasks=tuple(tasks))

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Task keys in declaration order."""
        return tuple(task.key for task in self.tasks)

    @cached_property
    def _by_key(self) -> Mapping[str, Task]:
        return {task.key: task for task in self.tasks}

    @cached_property
    def data_edges(self) -> tuple[Edge, ...]:
        """One edge for each argument that takes an output, and one for each wait; in declaration order."""
        return tuple(edge for task in self.tasks for edge in dict.fromkeys(links.edges(task)))

    @cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Pairs (upstream, downstream), each once."""
        return tuple(dict.fromkeys((edge.upstream, edge.downstream) for edge in self.data_edges))

    @cached_property
    def _upstream(self) -> Mapping[str, tuple[str, ...]]:
        return {task.key: links.upstreams(task) for task in self.tasks}

    @cached_property
    def downstreams(self) -> Mapping[str, tuple[str, ...]]:
        """The direct children of each task, in declaration order."""
        found: dict[str, list[str]] = {task.key: [] for task in self.tasks}
        for key, upstreams in self._upstream.items():
            for upstream in upstreams:
                found[upstream].append(key)
        return {key: tuple(followers) for key, followers in found.items()}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Tasks without an upstream."""
        return tuple(key for key in self.nodes if not self._upstream[key])

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Tasks without a downstream: they decide the platform's status of a run."""
        return tuple(key for key in self.nodes if not self.downstreams[key])

    @cached_property
    def sources(self) -> tuple[Storage, ...]:
        """What its tasks read that is no output of a task, each once; in declaration order."""
        return self._storages("read")

    @cached_property
    def sinks(self) -> tuple[Storage, ...]:
        """What its tasks write beside their outputs, each once; in declaration order."""
        return self._storages("write")

    def _storages(self, access: Access) -> tuple[Storage, ...]:
        used = (value for task in self.tasks for value in links.storages(task))
        return tuple(dict.fromkeys(value.storage for value in used if value.access in {access, "update"}))

    @cached_property
    def published(self) -> Mapping[str, tuple[Published, ...]]:
        """The task values that tasks set by themselves, by key; most set none."""
        return published(self.tasks)

    def value_name(self, output: Output, what: What) -> str:
        """The name of the task value that tells about an output.

        Raises:
            KeyError: nobody asks for it, so there is none.
        """
        names = {(each.what, each.path): each.name for each in self.published.get(output.task, ())}
        return names[what, output.path]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the JSON: equal DAGs have equal digests in every process."""
        # Only runs and deployments need a digest; looking at a DAG does not.
        from hashlib import sha256

        return sha256(self.to_json().encode()).hexdigest()

    def task(self, key: str) -> Task:
        """The task with this key.

        Raises:
            UnknownTaskError: there is none.
        """
        return self._found(self._by_key, key)

    def upstream(self, key: str) -> tuple[str, ...]:
        """Direct parents, each once, in the order in which the call names them."""
        return self._found(self._upstream, key)

    def downstream(self, key: str) -> tuple[str, ...]:
        """Direct children, in declaration order."""
        return self._found(self.downstreams, key)

    def _found(self, by_key: Mapping[str, T], key: str) -> T:
        found = by_key.get(key)
        if found is None:
            raise UnknownTaskError(key, known=self._by_key, job=self.name)
        return found

    def needs(self, key: str) -> tuple[Need, ...]:
        """What a task depends on: its parents, of a condition the outcome that it wants."""
        wanted = self.task(key).when
        conditions = {when.task for when in wanted}
        plain = [Need(parent) for parent in self.upstream(key) if parent not in conditions]
        return (*plain, *(Need(when.task, when.text) for when in wanted))

    def topological_sort(self) -> tuple[str, ...]:
        """Keys, each after its upstreams; of those that are ready, the one that was ready first."""
        return graph.topological_order(self.nodes, self.downstreams)

    def stages(self) -> tuple[tuple[str, ...], ...]:
        """Keys by longest path from a root."""
        return graph.stages(self.nodes, self.downstreams)

    def subgraph(self, keys: Iterable[str]) -> Dag:
        """The given tasks; data and waits that come from others are cut off."""
        kept = {self.task(key).key for key in keys}
        tasks = (links.without_others(task, kept) for task in self.tasks if task.key in kept)
        return replace(self, tasks=tuple(tasks), result=None)

    def to_json(self) -> str:
        """The whole DAG as JSON text; equal DAGs give equal text."""
        return to_text(
            {
                "name": self.name,
                "parameters": [parameter.to_json() for parameter in self.parameters],
                "tasks": [_task_json(task) for task in self.tasks],
                "result": binding_json.to_json(self.result) if self.result else None,
            }
        )


def _task_json(task: Task) -> dict[str, object]:
    settings = task.settings
    compute = settings.compute
    return {
        "key": task.key,
        "function": str(task.function),
        "arguments": [[arg.name, arg.kind, binding_json.to_json(arg.binding)] for arg in task.arguments],
        "after": list(task.after),
        **({"when": [list(when) for when in task.when]} if task.when else {}),
        **({"gated": list(task.gated)} if task.gated else {}),
        **({"operator": task.operator} if task.operator else {}),
        **({"packages_from": task.packages_from} if task.packages_from else {}),
        **({"loop": [binding_json.to_json(task.loop.over), task.loop.concurrency]} if task.loop else {}),
        "io": [task.io.reference, task.io.arguments] if task.io else None,
        "retry": _retry_json(settings.retry),
        "timeout": settings.timeout,
        **({"executor": settings.executor} if settings.executor else {}),
        "run_if": settings.run_if,
        "compute": repr(compute) if compute else None,
        **({"resource": settings.resource.to_json()} if settings.resource else {}),
        **({"cache": True} if settings.cache else {}),
        **({"starts": settings.starts} if settings.starts else {}),
        "tags": list(settings.tags),
        # Most tasks have none, and reading JSON for each would be half of the time that a DAG takes.
        "databricks": {} if settings.databricks == "{}" else json.loads(settings.databricks),
    }


def _retry_json(retry: Retry) -> list[object]:
    chosen = [retry.jitter, retry.on] if retry.jitter or retry.on else []
    return [retry.retries, retry.delay, retry.backoff, retry.max_delay, *chosen]
