"""A pipeline of tasks that are wired by hand: the same DAG and the same run as those of a job."""

from __future__ import annotations

from typing import Any, Final

from lakewright.authoring import callsite
from lakewright.authoring.body import refuse_inside_body
from lakewright.diagrams.formats import picture
from lakewright.errors.authoring import (
    ConstantError,
    DuplicateKeyError,
    SettingError,
)
from lakewright.errors.base import Location
from lakewright.execution.result import RunInterruptedError
from lakewright.loading.source import shown_path
from lakewright.model.binding import Constant
from lakewright.model.job import JobDefinition, JobSettings
from lakewright.model.names import job_name_problem
from lakewright.model.states import State
from lakewright.model.task import EXECUTORS, THREADS
from lakewright.model.values import UnencodableError
from lakewright.orchestration.tasks import Task
from lakewright.orchestration.wired import Wired
from lakewright.pipelines.arguments import check_arguments, plan
from lakewright.pipelines.running import run_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.execution.events import Listener, TaskEvent
    from lakewright.execution.result import RunResult
    from lakewright.io.base import IoManager
    from lakewright.model.dag import Dag
    from lakewright.model.target import TargetValues
    from lakewright.pipelines.pipeline import ExecutorName

_SHOWN: Final = {"started": State.RUNNING}


class Pipeline:
    """Tasks that are wired by hand.

    Args:
        name: of the pipeline.
        max_workers: how many tasks run side by side.
        executor: how they run: `threads` of this process, `processes`, or `serial`.

    Raises:
        SettingError: a name, a number or an executor that cannot be.

    Attributes:
        tasks: its tasks by key, in the order in which they were added.
        settings: those of a job that is given none.
        bound: values of its parameters; it has none.

    >>> from lakewright.orchestration import Pipeline, Task
    >>> extract = Task("extract", lambda: [1, 2, 3])
    >>> double = Task("double", lambda rows: [2 * row for row in rows], kwargs={"rows": extract})
    >>> Pipeline("etl").add_task(extract).add_task(double).run()["double"]
    [2, 4, 6]
    """

    def __init__(self, name: str, max_workers: int = 1, *, executor: ExecutorName = THREADS) -> None:
        problem = job_name_problem(name)
        if problem:
            raise callsite.located(SettingError(f"Pipeline: name={name!r} {problem}"))
        owner = f"Pipeline '{name}'"
        if type(max_workers) is not int or max_workers < 1:
            wanted = "a whole number, 1 or more"
            raise callsite.located(SettingError.wrong(owner, "max_workers", max_workers, wanted=wanted))
        if executor not in EXECUTORS:
            wanted = f"one of {', '.join(EXECUTORS)}"
            raise callsite.located(SettingError.wrong(owner, "executor", executor, wanted=wanted))
        frame = callsite.user_frame()
        self.name = name
        self.max_workers = max_workers
        self.executor = executor
        self.module = str(frame.f_globals.get("__name__", "__main__"))
        self.file = frame.f_code.co_filename
        self.location = Location(shown_path(self.file), frame.f_lineno)
        self.tasks: dict[str, Task] = {}
        self.settings = JobSettings()
        self.bound: Mapping[str, object] = {}

    def __repr__(self) -> str:
        return f"<pipeline '{self.name}': {', '.join(self.tasks) or 'no task'}>"

    def add_task(self, task: Task) -> Pipeline:
        """Add a task; the pipeline, so that calls can be chained.

        Raises:
            DuplicateKeyError: it has a task of that name, or this very one.
            SettingError: it is no task.
        """
        if not isinstance(task, Task):
            raise callsite.located(SettingError(f"pipeline '{self.name}'.add_task() takes a Task, not {task!r}"))
        key = task.name
        if task.wish and task not in self.tasks.values():
            key = self._free(task.wish)
        known = self.tasks.get(key)
        if known is not None:
            error = DuplicateKeyError.task(key, location=None, first=known.location)
            raise callsite.located(error)
        task.name = key
        self.tasks[key] = task
        return self

    def _free(self, wish: str) -> str:
        count, key = 1, wish
        while key in self.tasks:
            count += 1
            key = f"{wish}__{count}"
        return key

    @property
    def dag(self) -> Dag:
        """The tasks and what flows between them.

        Raises:
            UnaddedTaskError: a task hangs on one that was not added.
            CycleError: tasks wait for each other.
        """
        return self.body.trace().dag

    @property
    def definition(self) -> JobDefinition:
        """All that pictures and code generation need."""
        return JobDefinition(name=self.name, dag=self.dag, settings=self.settings, location=self.location)

    @property
    def body(self) -> Wired:
        """Its tasks, as they are now."""
        return self._wired(())

    def _wired(self, given: tuple[tuple[str, Constant], ...]) -> Wired:
        return Wired(
            name=self.name,
            file=self.file,
            module=self.module,
            location=self.location,
            tasks=dict(self.tasks),
            given=given,
        )

    def run(
        self,
        context: Mapping[str, object] | None = None,
        *,
        target: TargetValues | None = None,
        io: IoManager | None = None,
        listener: Listener | None = None,
        run_id: str | None = None,
    ) -> RunResult[None]:
        """Run the tasks on this machine; the result of every one, failures included.

        Args:
            context: values by name that the `context` of each task starts with; JSON types and their like.
            target: places and names that tasks see; by default `local`.
            io: the manager of tasks that name none, such as `MemoryIo()`.
            listener: called with each `TaskEvent`.
            run_id: by default a new one.

        Raises:
            UnaddedTaskError: a task hangs on one that was not added.
            CycleError: tasks wait for each other.
            ConstantError: a value of the context that cannot be recorded.
            RunInterruptedError: Ctrl-C was pressed; what ran has ended.
        """
        refuse_inside_body(self.name, "run")
        wired = self._wired(_constants(context or {}))
        check_arguments(wired, (), target=target, io=io)
        planned = plan(
            wired,
            {},
            executor=self.executor,
            max_workers=self.max_workers,
            target=target,
            io=io,
            listener=self._shown(listener),
            run_id=run_id,
        )
        for task in self.tasks.values():
            task.mirror(State.PENDING)
        try:
            result = run_here(planned, wired, cache=True)
        except RunInterruptedError as error:
            self._mirror(error.result)
            raise
        self._mirror(result)
        return result

    def _shown(self, listener: Listener | None) -> Listener:
        """Shows on each task how it stands, and passes on what happens."""

        def listen(event: TaskEvent) -> None:
            if event.kind in _SHOWN:
                self.tasks[event.key].mirror(_SHOWN[event.kind])
            if listener is not None:
                listener(event)

        return listen

    def _mirror(self, result: RunResult[Any]) -> None:
        for key, outcome in result.outcomes.items():
            value = _reader(result, key) if outcome.state is State.SUCCESS else None
            self.tasks[key].mirror(outcome.state, value)

    def visualize(self, path: str | None = None, format: str | None = None) -> str:  # noqa: A002  the word users know
        """A picture of the DAG as text, also written to `path` if given.

        Args:
            path: a file, whose suffix says the format where `format` does not.
            format: `mermaid` (the default), `tree`, `dot`, `html` or `json`.

        Raises:
            ValueError: there is no such format.
        """
        return picture(self.definition, path, format)


def _reader(result: RunResult[Any], key: str) -> Callable[[], object]:
    return lambda: result[key]


def _constants(context: Mapping[str, object]) -> tuple[tuple[str, Constant], ...]:
    return tuple((str(name), _constant(name, value)) for name, value in context.items())


def _constant(name: str, value: object) -> Constant:
    try:
        return Constant.of(value)
    except UnencodableError as error:
        message = f"context[{name!r}]{error.path} is {error.reason}, which cannot be recorded as a constant"
        raise callsite.located(ConstantError(message, hint="Make it inside a task.")) from error
