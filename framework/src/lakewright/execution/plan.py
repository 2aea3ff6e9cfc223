"""What a run needs to know before it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakewright.errors.running import RunError
from lakewright.execution import invoke
from lakewright.execution.events import ignore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.authoring.tracing import Trace
    from lakewright.execution.events import Listener
    from lakewright.io.base import IoManager
    from lakewright.io.paths import RunPaths
    from lakewright.model.dag import Dag
    from lakewright.model.target import TargetValues


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """All that a run needs to know beforehand.

    Attributes:
        parameters: values of the job's parameters.
        io: the manager of tasks that name none.
        max_workers: how many tasks run side by side.
        listener: is told what happens, always from the thread that called `run`.
    """

    trace: Trace
    paths: RunPaths
    target: TargetValues
    parameters: Mapping[str, object]
    parameter_texts: Mapping[str, str]
    io: IoManager = field(default_factory=lambda: invoke.DEFAULT)
    max_workers: int = 4
    listener: Listener = ignore

    def __post_init__(self) -> None:
        if self.max_workers < 1:
            message = f"max_workers={self.max_workers} is not 1 or more"
            raise RunError(message)
        for task in self.dag.tasks:
            if task.settings.timeout is not None:
                self._check_durable(task.key)

    @property
    def dag(self) -> Dag:
        """What runs."""
        return self.trace.dag

    def manager(self, key: str) -> IoManager:
        """The manager of a task's output: its own, or the run's."""
        return self.trace.functions[key].io or self.io

    def _check_durable(self, key: str) -> None:
        for other in (key, *self.dag.upstream(key)):
            manager = self.manager(other)
            if not manager.durable:
                raise RunError(
                    f"task '{key}' has a timeout, so it runs in a process of its own, and {type(manager).__name__} of task '{other}' "
                    "keeps values in one process only",
                    hint="Leave the timeout out, or keep the output with the default manager.",
                )
