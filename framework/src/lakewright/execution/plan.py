"""What a run needs to know before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType

from lakewright.errors.running import RunError
from lakewright.execution import invoke
from lakewright.execution.events import ignore
from lakewright.execution.result import TaskOutcome
from lakewright.io.spec import spec_of
from lakewright.model import graph
from lakewright.model.states import State
from lakewright.model.task import PROCESSES, SERIAL, THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.authoring.tracing import Trace
    from lakewright.execution.cache import CachePlace
    from lakewright.execution.events import Listener
    from lakewright.io.base import IoManager
    from lakewright.io.paths import RunPaths
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord
    from lakewright.model.target import TargetValues
    from lakewright.model.task import Task


def _chance() -> float:
    # Only retries with jitter need it.
    from random import random

    return random()  # noqa: S311  no secret hangs on it


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """All that a run needs to know beforehand.

    Attributes:
        parameters: values of the job's parameters.
        io: the manager of tasks that name none.
        executor: how tasks run that choose nothing else: `serial`, `threads` or `processes`.
        max_workers: how many tasks run side by side.
        listener: is told what happens, always from the thread that called `run`.
        keeps_logs: whether what tasks print goes to their logs instead of the screen.
        kept: records of tasks that need not run, because they have: in this run before, or in another one.
        left_out: tasks that are not wanted; others are judged as if they were not there.
        chance: numbers from 0 to 1, for waits that are left to it.
        durations: seconds that tasks took in earlier runs, where that is known.
        fails_fast: whether nothing more starts once a task has failed.
        tried: how many attempts this run has made before, by task.
        cache: where tasks with `cache=True` find what earlier runs made; None to run them all.

    Raises:
        RunError: no thread to run on, or a task that has to run in a process of its own and cannot.
    """

    trace: Trace
    paths: RunPaths
    target: TargetValues
    parameters: Mapping[str, object]
    parameter_texts: Mapping[str, str]
    io: IoManager = invoke.DEFAULT
    executor: str = THREADS
    max_workers: int = 4
    listener: Listener = ignore
    keeps_logs: bool = False
    kept: Mapping[str, CommitRecord] = field(default_factory=dict)
    tried: Mapping[str, int] = field(default_factory=dict)
    cache: CachePlace | None = None
    left_out: frozenset[str] = frozenset()
    chance: Callable[[], float] = _chance
    durations: Mapping[str, float] = field(default_factory=dict)
    fails_fast: bool = False

    def __post_init__(self) -> None:
        if type(self.max_workers) is not int or self.max_workers < 1:
            raise RunError(f"max_workers={self.max_workers!r} is not a whole number, 1 or more")
        for task in self.dag.tasks:
            if self.place(task) == PROCESSES and task.key not in self.beforehand:
                self._check_process(task)

    @cached_property
    def here(self) -> frozenset[str]:
        """Tasks that run in the thread that has called `run`: one after the other, in topological order."""
        serial = self.executor == SERIAL
        return frozenset(task.key for task in self.dag.tasks if serial or self.place(task) == SERIAL)

    @cached_property
    def urgency(self) -> Mapping[str, float]:
        """Seconds from the start of each task to the end of all below it, as earlier runs went; empty if unknown."""
        return graph.longest_paths(self.dag.nodes, self.dag.downstreams, self.durations) if self.durations else {}

    @cached_property
    def dag(self) -> Dag:
        """What runs."""
        return self.trace.dag

    @cached_property
    def beforehand(self) -> Mapping[str, TaskOutcome]:
        """Outcomes of the tasks that do not run, whatever happens."""
        return {
            key: TaskOutcome(state=State.EXCLUDED, reason="not selected") if key in self.left_out else self._kept(key)
            for key in self.dag.nodes
            if key in self.left_out or key in self.kept
        }

    def _kept(self, key: str) -> TaskOutcome:
        record = self.kept[key]
        reason = "done before" if self.has_made(record) else f"from run {record.run_id}"
        return TaskOutcome(state=State.SUCCESS, record=record, reason=reason)

    def has_made(self, record: CommitRecord) -> bool:
        """Whether a record is this run's own, made before it stopped, and not another run's."""
        return record.run_id == self.paths.run_id

    def manager(self, key: str) -> IoManager:
        """The manager of a task's output: its own, or the run's."""
        return self.trace.functions[key].io or self.io

    def place(self, task: Task) -> str:
        """How a task runs: a timeout can only end a process; else as the task chooses, else as the run does."""
        if task.settings.timeout is not None:
            return PROCESSES
        return task.settings.executor or self.executor

    @cached_property
    def shipped(self) -> Dag:
        """The DAG as other processes have to know it: with the run's own manager for tasks that name none."""
        if self.io is invoke.DEFAULT:
            return self.dag
        tasks = (
            task if task.io else replace(task, io=spec_of(self.io, self.trace.functions[task.key].function))
            for task in self.dag.tasks
        )
        return replace(self.dag, tasks=tuple(tasks))

    def _check_process(self, task: Task) -> None:
        """Raise unless another process could make a task's attempts."""
        why = f"task '{task.key}' runs in another process"
        if task.settings.timeout is not None:
            why = f"task '{task.key}' has a timeout, so it runs in a process of its own"
        if task.function.module == "__main__":
            hint = "Put the task into a module, and import it in the script."
            raise RunError(f"{why}, which cannot import it from a script", location=task.location, hint=hint)
        if not self._is_found(task):
            hint = "Write it as a function at the top of a module."
            raise RunError(f"{why}, which cannot find {task.function} by its name", location=task.location, hint=hint)
        for key in (task.key, *self.dag.upstream(task.key)):
            manager = self.manager(key)
            if not manager.durable:
                message = f"{why}, and {type(manager).__name__} of task '{key}' keeps values in one process only"
                cause = "timeout" if task.settings.timeout is not None else "choice of processes"
                hint = f"Leave the {cause} out, or keep the output with the default manager."
                raise RunError(message, location=task.location, hint=hint)
        # Raises where no other process could find the run's manager.
        self.shipped  # noqa: B018

    def _is_found(self, task: Task) -> bool:
        """Whether another process gets to a task's function by its reference; what is wired by hand may be anything."""
        if task.function.body is not None:
            return task.function.name in self.trace.local_functions
        owner = getattr(self.trace.functions[task.key].function, "__self__", None)
        is_bound = owner is not None and not isinstance(owner, ModuleType)
        return not is_bound and task.function.name != "<lambda>"
