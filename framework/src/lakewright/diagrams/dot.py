"""A DAG as Graphviz DOT."""

from __future__ import annotations

from lakewright.diagrams.buckets import bucket_flows, buckets
from lakewright.diagrams.drawn import arrows, drawn_tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lakewright.diagrams.drawn import Arrow
    from lakewright.model.dag import Dag
    from lakewright.model.task import Task


def dot(dag: Dag) -> str:
    r"""A left-to-right graph: data flows along solid arrows, order alone along dashed ones; buckets are drums.

    A repeated task has two borders, a condition is a diamond with its outcomes on the arrows; gates are left out.

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
    nodes = [f"    {ids[task.key]} [{_look(task)}]" for task in drawn_tasks(dag)]
    lines = [f"    {ids[arrow.upstream]} -> {ids[arrow.downstream]}{_line(arrow)}" for arrow in arrows(dag)]
    head = [f"digraph {quoted(dag.name)} {{", "    rankdir=LR", "    node [shape=box style=rounded]"]
    drums = [
        f"    s{number} [label={quoted(storage.uri)} shape=cylinder style=solid]"
        for number, storage in enumerate(buckets(dag))
    ]
    flows = [f"    {flow.giver} -> {flow.taker}" for flow in bucket_flows(dag)]
    return "\n".join([*head, *nodes, *drums, *lines, *flows, "}"]) + "\n"


def _look(task: Task) -> str:
    if task.operator:
        return f"label={quoted(task.description)} shape=diamond style=solid"
    return f"label={quoted(task.key)}{' peripheries=2' if task.loop else ''}"


def _line(arrow: Arrow) -> str:
    if arrow.outcome:
        return f" [label={arrow.outcome}]"
    return "" if arrow.has_data else " [style=dashed]"


def quoted(text: str) -> str:
    r"""Text as a DOT string that is drawn as it is: no escape sequence, no HTML entity, no end of the string in it.

    >>> print(quoted('a "b" \\N &lt;'))
    "a \"b\" \\N &amp;lt;"
    """
    # DOT reads `\n` and the like as line breaks and names, and decodes entities, in this order of ours.
    for char, escaped in (("&", "&amp;"), ("\\", "\\\\"), ('"', '\\"'), ("\r", " "), ("\n", "\\n"), ("\0", "")):
        text = text.replace(char, escaped)
    return f'"{text}"'
