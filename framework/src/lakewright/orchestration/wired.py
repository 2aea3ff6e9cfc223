"""The tasks of a pipeline by hand, ready to be planned: the DAG that they make, and what keeps them from making one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lakewright.authoring import callsite
from lakewright.authoring.tracing import Trace
from lakewright.errors.authoring import TraceError, UnaddedTaskError
from lakewright.model.dag import Dag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.errors.base import Location
    from lakewright.model.binding import Constant
    from lakewright.orchestration.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Wired:
    """Tasks as they are wired now; implements `pipelines.arguments.Traceable`.

    Attributes:
        name: the pipeline's name.
        file: the file that it is written in.
        module: the module that it is written in.
        location: the line that it is written at.
        tasks: its tasks, by key.
        given: values of a run that the `context` of each task starts with.
    """

    name: str
    file: str
    module: str
    location: Location
    tasks: Mapping[str, Task]
    given: tuple[tuple[str, Constant], ...] = ()

    def trace(self) -> Trace:
        """The DAG of the tasks.

        Raises:
            UnaddedTaskError: a task hangs on one that was not added.
            CycleError: tasks wait for each other.
            TraceError: there is no task.
        """
        return self._trace

    @cached_property
    def _trace(self) -> Trace:
        if not self.tasks:
            hint = "Add some: pipeline.add_task(task)."
            raise TraceError(f"pipeline '{self.name}' has no task", location=self.location, hint=hint)
        keys = {task: key for key, task in self.tasks.items()}
        for task in keys:
            self._check_neighbours(task, keys)
        compiled = [task.compiled(keys, self.given) for task in keys]
        functions = {key: task.function for task, key in keys.items()}
        return Trace(dag=Dag(name=self.name, tasks=tuple(compiled)), functions=functions, local_functions={})

    def _check_neighbours(self, task: Task, keys: Mapping[Task, str]) -> None:
        for others, waits in ((task.upstream, True), (task.downstream, False)):
            for other in others:
                if other not in keys and (waits or not self._is_replaced(other, after=task)):
                    error = UnaddedTaskError.neighbour(
                        task.name,
                        other.name,
                        waits=waits,
                        is_renewed=other.name in self.tasks,
                        pipeline=self.name,
                        location=task.location,
                    )
                    raise callsite.with_excerpt(error)

    def _is_replaced(self, task: Task, *, after: Task) -> bool:
        """Whether a task of that name stands in the same place: a notebook's cell that was run again made it anew."""
        newer = self.tasks.get(task.name)
        return newer is not None and after in newer.upstream
