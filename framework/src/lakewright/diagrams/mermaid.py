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
_SHAPES: Final = {"task": ("[", "]"), "repeated": ("[[", "]]"), "condition": ("{", "}")}


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
    lines = [f"    {ids[each.upstream]} {arrow_text(each)} {ids[each.downstream]}" for each in arrows(dag)]
    drums = [f'    s{number}[("{escaped(storage.uri)}")]' for number, storage in enumerate(buckets(dag))]
    flows = [f"    {flow.giver} --> {flow.taker}" for flow in bucket_flows(dag)]
    return "\n".join(["graph TD", *nodes, *drums, *lines, *flows]) + "\n"


def _node(task: Task) -> str:
    if task.operator:
        return node_text(task.description, "condition")
    return node_text(task.key, "repeated" if task.loop else "task")


def node_text(label: str, shape: str) -> str:
    """A node without its id: of a task, of one that is repeated, or of a condition.

    >>> node_text("clean", "task"), node_text("each", "repeated"), node_text("a < 1", "condition")
    ('["clean"]', '[["each"]]', '{"a #lt; 1"}')
    """
    start, end = _SHAPES[shape]
    return f'{start}"{escaped(label)}"{end}'


def arrow_text(arrow: Arrow) -> str:
    """An arrow without what it leads from and to."""
    if arrow.outcome:
        return f"-->|{escaped(arrow.outcome)}|"
    return "-->" if arrow.has_data else "-.->"


def escaped(text: str) -> str:
    """Text inside of quotes in Mermaid."""
    text = one_line(text)
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text
