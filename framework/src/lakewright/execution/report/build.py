"""What a run left, as a view; where the evidence comes from, the store or an isolated run, is for others to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from lakewright.diagrams.arguments import sources
from lakewright.execution.report.critical import critical_path
from lakewright.execution.report.preview import output_view
from lakewright.execution.report.results import result_views
from lakewright.execution.report.view import InputView, RunView, TaskView, WaitView
from lakewright.model.compute import ExistingCluster, JobCluster, Serverless
from lakewright.model.states import State, run_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from lakewright.execution.report.view import AttemptView, OutputView
    from lakewright.model.binding import Argument
    from lakewright.model.compute import Compute
    from lakewright.model.job import JobDefinition
    from lakewright.model.record import CommitRecord, Stored
    from lakewright.model.task import Task


# In a larger run reading all outputs would take longer than the run.
_MOST_SAMPLED: Final = 200


class Ended(NamedTuple):
    """How a task ended: its attempts in order, its commit record, why it did not run, what the cache did."""

    state: State
    attempts: tuple[AttemptView, ...] = ()
    record: CommitRecord | None = None
    reason: str = ""
    cache: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a run.

    Attributes:
        tasks: each task of the DAG, by key.
        folder: where its outputs lie.
        parameters: the text of each.
        revision: the commit of the code.
        status: of a run that has not ended: `running` or `interrupted`; else what its tasks say.
        root: paths below it are shown relative to it.
    """

    run_id: str
    started: datetime
    seconds: float
    tasks: Mapping[str, Ended]
    folder: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    revision: str = ""
    status: str = ""
    target: str = "local"
    root: Path = field(default_factory=Path.cwd)


def build(job: JobDefinition, evidence: Evidence) -> RunView:
    """The view of a run of a job."""
    dag, ended = job.dag, evidence.tasks
    sampled = dag.nodes if len(dag.nodes) <= _MOST_SAMPLED else dag.leaves[:_MOST_SAMPLED]
    read = _Reading(job, evidence, frozenset(sampled))
    tasks = tuple(read.task(task) for task in dag.tasks)
    seconds = {task.key: task.seconds for task in tasks if task.attempts}
    result, more = result_views(dag.result, read.stored, evidence.parameters)
    path = critical_path(dag.topological_sort(), {key: dag.upstream(key) for key in dag.nodes}, seconds)
    return RunView(
        job=job.name,
        run_id=evidence.run_id,
        status=evidence.status or run_state(ended[key].state for key in dag.nodes).value,
        leaf_status=evidence.status or run_state(ended[key].state for key in dag.leaves).value,
        started=evidence.started.astimezone(timezone.utc).isoformat(timespec="seconds"),
        seconds=evidence.seconds,
        tasks=tasks,
        description=job.settings.description,
        parameters=tuple(evidence.parameters.items()),
        revision=evidence.revision,
        target=evidence.target,
        folder=read.shown(evidence.folder),
        result=result,
        more_results=more,
        critical_path=path,
        critical_seconds=sum(seconds[key] for key in path),
        cut="" if len(sampled) == len(dag.nodes) else "Only the last outputs have samples: the run is large.",
    )


@dataclass(frozen=True)
class _Reading:
    """The evidence, task by task.

    Attributes:
        sampled: the tasks whose outputs are read for their first rows.
    """

    job: JobDefinition
    evidence: Evidence
    sampled: frozenset[str]

    @cached_property
    def above(self) -> Mapping[str, tuple[str, ...]]:
        """Where the edges into each task come from, as every picture draws them."""
        return _grouped((down, up) for up, down in self.job.dag.edges)

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """Where the edges out of each task lead."""
        return _grouped(self.job.dag.edges)

    def task(self, task: Task) -> TaskView:
        ended = self.evidence.tasks[task.key]
        return TaskView(
            key=task.key,
            state=ended.state.value,
            reason=ended.reason,
            cache=ended.cache,
            description=task.description,
            compute=_compute(task.settings.compute or self.job.settings.compute or Serverless()),
            function=str(task.function),
            location=self.shown(str(task.location)) if task.location else "",
            upstream=self.above.get(task.key, ()),
            downstream=self.below.get(task.key, ()),
            waits=task.after,
            attempts=ended.attempts,
            inputs=tuple(view for argument in task.arguments for view in self.inputs(argument)),
            output=self.output(task.key, ended.record) if ended.record else None,
            wait=self.wait(task.key, ended.attempts[0].start) if ended.attempts else None,
        )

    def output(self, key: str, record: CommitRecord) -> OutputView | None:
        return output_view(record, root=self.evidence.folder, samples=key in self.sampled)

    def stored(self, key: str) -> Stored | None:
        record = self.evidence.tasks[key].record
        return record.stored if record else None

    def inputs(self, argument: Argument) -> tuple[InputView, ...]:
        found = sources(argument, self.evidence.parameters)
        return tuple(InputView(argument=argument.name, upstream=each.upstream, text=each.text) for each in found)

    def wait(self, key: str, start: float) -> WaitView:
        """What a task waited for: the upstream that ended last, then a free worker."""
        ends = {upstream: self.end(upstream) for upstream in self.job.dag.upstream(key)}
        last = max(ends, key=ends.__getitem__, default="")
        ready = ends.get(last, 0.0)
        return WaitView(ready=ready, upstream=last, queued=max(0.0, start - ready))

    def end(self, key: str) -> float:
        """When a task ended; one that never ran ended with the last of those it waited for."""
        pending, seen, end = [key], {key}, 0.0
        while pending:
            current = pending.pop()
            attempts = self.evidence.tasks[current].attempts
            if attempts:
                end = max(end, attempts[-1].start + attempts[-1].seconds)
                continue
            parents = [parent for parent in self.job.dag.upstream(current) if parent not in seen]
            seen.update(parents)
            pending.extend(parents)
        return end

    def shown(self, path: str) -> str:
        return path.removeprefix(f"{self.evidence.root}/")


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for first, second in pairs:
        found.setdefault(first, []).append(second)
    return {first: tuple(seconds) for first, seconds in found.items()}


def _compute(compute: Compute) -> str:
    if isinstance(compute, Serverless):
        return f"serverless, environment {compute.environment_version}"
    if isinstance(compute, JobCluster):
        return f"job cluster {compute.name}: {compute.spark_version} on {compute.node_type}"
    assert isinstance(compute, ExistingCluster)  # noqa: S101  there are three kinds
    return f"existing cluster {compute.cluster_id}"
