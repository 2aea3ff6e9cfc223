"""What the tasks of one run in this process have given so far."""

from __future__ import annotations

from lakewright.errors.running import MissingOutputError
from lakewright.execution import inputs
from lakewright.execution.context import TaskContext
from lakewright.execution.gathering import gathered_binding
from lakewright.execution.managers import ready
from lakewright.io.default import DefaultIo
from lakewright.io.formats import is_immutable
from lakewright.model.binding import Output, leaves
from lakewright.model.graph import walk
from lakewright.model.loop import task_of
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.execution.plan import RunPlan
    from lakewright.execution.result import TaskOutcome
    from lakewright.io.base import IoManager
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


class RunOutputs:
    """Records and shared values of a run; implements `inputs.Outputs`.

    A value that nobody can change is handed on as it is until its last reader has ended; everything else is read back
    from where it was kept, so that a run here finds what a run in separate processes would find.

    Args:
        plan: of the run.
        outcomes: how tasks have ended so far.
    """

    def __init__(self, plan: RunPlan, outcomes: Mapping[str, TaskOutcome]) -> None:
        self._plan = plan
        self._outcomes = outcomes
        self._records: dict[str, CommitRecord] = {}
        self._shared: dict[str, object] = {}
        self._managers: dict[str, IoManager] = {}
        self._shared_names: dict[str, list[str]] = {}
        self._readers = {key: len(plan.dag.downstream(key)) for key in plan.dag.nodes}

    def record(self, task: str) -> CommitRecord:
        """The commit record of a task that has ended well.

        Raises:
            MissingOutputError: it has not.
        """
        if task not in self._records:
            outcome = self._outcomes.get(task)
            ended = outcome.state.value.replace("_", " ") if outcome else ""
            why = f"it ended as {ended}" if ended else "it has not ended"
            raise MissingOutputError(task, run_id=self._plan.paths.run_id, why=why)
        return self._records[task]

    def check_inputs(self, task: Task) -> None:
        """Raise unless all tasks whose outputs a task takes have succeeded: another process would not know why.

        Raises:
            MissingOutputError: one has not.
        """
        for leaf in (leaf for argument in task.arguments for leaf in leaves(argument.binding)):
            if isinstance(leaf, Output) and self._outcomes[leaf.task].state is not State.SUCCESS:
                self.record(leaf.task)

    def find(self, task: str) -> CommitRecord | None:
        """The commit record of a task; None where it has not ended well."""
        return self._records.get(task)

    def manager(self, task: str) -> IoManager:
        """The manager of a task's output, set up."""
        manager = self._managers.get(task)
        if manager is None:
            manager = self._managers[task] = ready(self._plan.manager(task_of(task)))
        return manager

    def shared(self, task: str) -> object:
        """The task's value where it is shared, else `inputs.UNSHARED`."""
        return self._shared.get(task, inputs.UNSHARED)

    def parameter(self, name: str) -> object:
        """The value of a job parameter."""
        return self._plan.parameters[name]

    def upstream(self, task: str) -> Iterator[str]:
        """All tasks that lead to a task, the nearest first."""
        return walk(task, self._plan.dag.upstream)

    def add(self, record: CommitRecord) -> None:
        """Take note of a task, or of one element of a repeated one, that has ended well."""
        self._records[record.task] = record

    def share(self, task: str, value: object) -> None:
        """Keep a value for its readers, if nobody can change it."""
        if not is_immutable(value):
            return
        key = task_of(task)
        if self._readers[key] and type(self.manager(key)) is DefaultIo:
            self._shared[task] = value
            self._shared_names.setdefault(key, []).append(task)

    def release_inputs(self, task: str) -> None:
        """Drop shared values whose last reader was `task`."""
        for upstream in self._plan.dag.upstream(task):
            self._readers[upstream] -= 1
            if not self._readers[upstream]:
                for name in self._shared_names.pop(upstream, ()):
                    del self._shared[name]

    def value(self, task: str) -> object:
        """The value of a task, in the type that it returned; of a repeated one a list of them."""
        if self._plan.dag.task(task).operator:
            return self._outcomes[task].taken == "true"
        loop = self._plan.dag.task(task).loop
        return inputs.fill(Output(task) if loop is None else gathered_binding(task, loop), self, self._context)

    def part(self, output: Output) -> object:
        """An output, or the part of it that is taken."""
        return inputs.read(output, self, self._context)

    def length(self, output: Output) -> int:
        """How many elements a list has that is looped over.

        Raises:
            OutputError: there is no such list.
        """
        return inputs.length(output, self, self._context)

    def body_value(self) -> object:
        """What the body returns, with data in place of outputs."""
        result = self._plan.dag.result
        return None if result is None else inputs.fill(result, self, self._context)

    @property
    def _context(self) -> TaskContext:
        return TaskContext(self._plan.paths, self._plan.target)
