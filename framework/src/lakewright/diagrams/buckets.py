"""The buckets of a DAG as nodes of a picture."""

from __future__ import annotations

from typing import NamedTuple

from lakewright.model.links import storages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.dag import Dag
    from lakewright.model.storage import Storage


class Flow(NamedTuple):
    """Data between a bucket and a task, each by the name of its node: `s0`, `t0`."""

    giver: str
    taker: str


def buckets(dag: Dag) -> tuple[Storage, ...]:
    """The buckets of a DAG, each once; number 0 is the node `s0`."""
    return tuple(dict.fromkeys((*dag.sources, *dag.sinks)))


def bucket_flows(dag: Dag) -> tuple[Flow, ...]:
    """What flows between buckets and tasks, in the order of the tasks."""
    names = {storage: f"s{number}" for number, storage in enumerate(buckets(dag))}
    flows: list[Flow] = []
    for number, task in enumerate(dag.tasks):
        for value in storages(task):
            name = names[value.storage]
            if value.access != "write":
                flows.append(Flow(name, f"t{number}"))
            if value.access != "read":
                flows.append(Flow(f"t{number}", name))
    return tuple(dict.fromkeys(flows))
