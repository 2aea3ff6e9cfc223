"""A DAG as Graphviz DOT."""

from __future__ import annotations

from lakewright.diagrams.buckets import bucket_flows, buckets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.model.dag import Dag
    from lakewright.model.task import Task


def dot(dag: Dag) -> str:
    r"""A left-to-right graph: data flows along solid arrows, order alone along dashed ones; buckets are drums.

    A repeated task has two borders.

    Nodes are numbered, so any name can be drawn.

    >>> from lakewright.model.dag import Dag
    >>> print(dot(Dag.from_edges([("load", "clean")])))
    digraph "dag" {
        rankdir=LR
        node [shape=box style=rounded]
        t0 [label="load"]
        t1 [label="clean"]
        t0 -> t1 [style=dashed]
    }
    <BLANKLINE>
    """
    ids = {key: f"t{number}" for number, key in enumerate(dag.nodes)}
    data = {(edge.upstream, edge.downstream) for edge in dag.data_edges if edge.argument is not None}
    nodes = [f"    {ids[task.key]} [label={quoted(task.key)}{_look(task)}]" for task in dag.tasks]
    arrows = [
        f"    {ids[up]} -> {ids[down]}{'' if (up, down) in data else ' [style=dashed]'}" for up, down in dag.edges
    ]
    head = [f"digraph {quoted(dag.name)} {{", "    rankdir=LR", "    node [shape=box style=rounded]"]
    drums = [
        f"    s{number} [label={quoted(storage.uri)} shape=cylinder style=solid]"
        for number, storage in enumerate(buckets(dag))
    ]
    flows = [f"    {flow.giver} -> {flow.taker}" for flow in bucket_flows(dag)]
    return "\n".join([*head, *nodes, *drums, *arrows, *flows, "}"]) + "\n"


def _look(task: Task) -> str:
    return " peripheries=2" if task.loop else ""


def quoted(text: str) -> str:
    r"""Text as a DOT string that is drawn as it is: no escape sequence, no HTML entity, no end of the string in it.

    >>> print(quoted('a "b" \\N &lt;'))
    "a \"b\" \\N &amp;lt;"
    """
    # DOT reads `\n` and the like as line breaks and names, and decodes entities, in this order of ours.
    for char, escaped in (("&", "&amp;"), ("\\", "\\\\"), ('"', '\\"'), ("\r", " "), ("\n", "\\n"), ("\0", "")):
        text = text.replace(char, escaped)
    return f'"{text}"'
