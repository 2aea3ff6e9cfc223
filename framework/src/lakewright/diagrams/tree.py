"""A DAG as lines on a terminal.

A task hangs on the line of its parent. Parents that only feed it stand behind `◂`; a task with several parents that
are drawn elsewhere starts a line of its own. Buckets stand behind `◂` where they are read, behind `▸` where they are
written. A repeated task has a `×n` behind its name.
"""

from __future__ import annotations

from lakewright.diagrams.drawn import arrows, drawn_tasks
from lakewright.model.compute import JobCluster, Serverless
from lakewright.model.links import storages
from lakewright.model.trigger import Cron, Periodic
from lakewright.text.names import one_line, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.model.dag import Dag
    from lakewright.model.job import JobDefinition
    from lakewright.model.parameter import Parameter


def tree(job: JobDefinition) -> str:
    """The signature and settings of a job on the first line, its DAG below."""
    return "\n".join(map(one_line, ["    ".join(heading(job)), *lines(job.dag)])) + "\n"


def heading(job: JobDefinition) -> tuple[str, str]:
    """The signature of a job, and its size and settings in a line."""
    dag = job.dag
    facts = [plural(len(dag.tasks), "task"), plural(len(dag.stages()), "stage"), *_trigger(job), _compute(job)]
    signature = ", ".join(_parameter(parameter) for parameter in dag.parameters)
    return f"{job.name}({signature})", " · ".join(facts)


def _parameter(parameter: Parameter) -> str:
    if parameter.is_reference:
        return f"{parameter.name}: {parameter.type} = job_start_date()"
    if parameter.default is None:
        return f"{parameter.name}: {parameter.type}"
    shown = repr(parameter.default) if parameter.type.kind == "str" else parameter.default or None
    return f"{parameter.name}: {parameter.type} = {shown}"


def _trigger(job: JobDefinition) -> list[str]:
    schedule = job.settings.schedule
    if isinstance(schedule, Cron):
        return [f"schedule {schedule.expression} {schedule.timezone}"]
    if isinstance(schedule, Periodic):
        return [f"every {schedule.interval} {schedule.unit.lower()}"]
    return [f"on {type(schedule).__name__}"] if schedule else []


def _compute(job: JobDefinition) -> str:
    compute = job.settings.compute or Serverless()
    kind = (
        "serverless"
        if isinstance(compute, Serverless)
        else f"job cluster {compute.name}"
        if isinstance(compute, JobCluster)
        else "existing cluster"
    )
    return f"{kind} (Python {compute.python})" if compute.python else kind


def lines(dag: Dag) -> list[str]:
    """The DAG, a line for each branch.

    >>> from lakewright.model.dag import Dag
    >>> for line in lines(Dag.from_edges([("load", "clean"), ("clean", "a"), ("clean", "b")])):
    ...     print(line)
    load ─ clean ─┬─ a
                  └─ b
    """
    drawing = _Drawing(dag)
    keys = [task.key for task in drawn_tasks(dag)]
    return [line for key in keys if drawing.starts_line(key) for line in drawing.lines(key)]


class _Drawing:
    """Which task hangs where."""

    def __init__(self, dag: Dag) -> None:
        self.dag = dag
        self.parents: dict[str, list[str]] = {key: [] for key in dag.nodes}
        self.children: dict[str, list[str]] = {key: [] for key in dag.nodes}
        for upstream, downstream in dict.fromkeys((arrow.upstream, arrow.downstream) for arrow in arrows(dag)):
            self.parents[downstream].append(upstream)
            self.children[upstream].append(downstream)
        self.feeders = {key for key in dag.roots if self._only_feeds(key)}
        self.hanging: Mapping[str, list[str]] = {key: [] for key in dag.nodes}
        self.parent: dict[str, str] = {}
        for key in dag.nodes:
            drawn = [parent for parent in self.parents[key] if parent not in self.feeders]
            if len(drawn) == 1:
                self.parent[key] = drawn[0]
                self.hanging[drawn[0]].append(key)

    def _only_feeds(self, root: str) -> bool:
        """Whether a root has one child, which some other task that is not fed by it leads to."""
        children = self.children[root]
        if len(children) != 1:
            return False
        parents = self.parents[children[0]]
        inner = [parent for parent in parents if self.parents[parent]]
        return bool(inner) or (len(parents) > 1 and parents[0] != root)

    def starts_line(self, key: str) -> bool:
        """Whether a task is drawn at the left edge."""
        return key not in self.feeders and key not in self.parent

    def label(self, key: str) -> str:
        """A task with the parents that its place does not show, and with the buckets that it reads and writes."""
        task = self.dag.task(key)
        used = storages(task)
        name = f"{key} ×n" if task.loop else key
        others = [parent for parent in self.parents[key] if parent != self.parent.get(key)]
        taken = [*others, *(value.storage.uri for value in used if value.access != "write")]
        given = [value.storage.uri for value in used if value.access != "read"]
        return name + (f" ◂ {', '.join(taken)}" if taken else "") + (f" ▸ {', '.join(given)}" if given else "")

    def lines(self, start: str) -> list[str]:
        """The line of a task and of all that hangs on it; a stack in place of recursion, DAGs may be deep."""
        found: list[str] = []
        pending = [("", "", start)]
        while pending:
            line, indent, key = pending.pop()
            line += self.label(key)
            children = self.hanging[key]
            while len(children) == 1:
                line += f" ─ {self.label(children[0])}"
                children = self.hanging[children[0]]
            if not children:
                found.append(line)
                continue
            column = len(line) + 2
            edge = indent.ljust(column)
            branches = [
                (
                    f"{edge}{'└' if child is children[-1] else '├'}─ ",
                    f"{edge}{' ' if child is children[-1] else '│'}  ",
                    child,
                )
                for child in children
            ]
            branches[0] = (f"{line} ─┬─ ", branches[0][1], children[0])
            pending.extend(reversed(branches))
        return found
