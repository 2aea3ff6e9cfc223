"""A DAG as Mermaid, which GitHub draws in Markdown."""

from __future__ import annotations

from typing import Final

from lakewright.diagrams.buckets import bucket_flows, buckets
from lakewright.diagrams.drawn import arrows, drawn_tasks
from lakewright.text.names import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.diagrams.drawn import Arrow
    from lakewright.model.dag import Dag
    from lakewright.model.task import Task

# Mermaid's own entity syntax: `#` starts an entity, so it comes first. HTML's are decoded too.
_ENTITIES: Final = (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;"))


def mermaid(dag: Dag) -> str:
    """A top-down graph: data flows along solid arrows, order alone along dotted ones; buckets are drums.

    A repeated task has two borders, a condition is a diamond with its outcomes on the arrows; gates are left out.

    Nodes are numbered, so any name can be drawn.

    >>> from lakewright.model.dag import Dag
    >>> print(mermaid(Dag.from_edges([("load", "clean")])))
    graph TD
        t0["load"]
        t1["clean"]
        t0 -.-> t1
    <BLANKLINE>
    """
    ids = {key: f"t{number}" for number, key in enumerate(dag.nodes)}
    nodes = [f"    {ids[task.key]}{_node(task)}" for task in drawn_tasks(dag)]
    lines = [f"    {ids[arrow.upstream]} {_line(arrow)} {ids[arrow.downstream]}" for arrow in arrows(dag)]
    drums = [f'    s{number}[("{_escaped(storage.uri)}")]' for number, storage in enumerate(buckets(dag))]
    flows = [f"    {flow.giver} --> {flow.taker}" for flow in bucket_flows(dag)]
    return "\n".join(["graph TD", *nodes, *drums, *lines, *flows]) + "\n"


def _node(task: Task) -> str:
    label = f'"{_escaped(task.description if task.operator else task.key)}"'
    if task.operator:
        return f"{{{label}}}"
    return f"[[{label}]]" if task.loop else f"[{label}]"


def _line(arrow: Arrow) -> str:
    if arrow.outcome:
        return f"-->|{arrow.outcome}|"
    return "-->" if arrow.has_data else "-.->"


def _escaped(text: str) -> str:
    text = one_line(text)
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text
