"""Attempts of tasks: what is to be tried, how it went, and the trying itself."""

from __future__ import annotations

import time
from typing import NamedTuple

from lakewright.errors.running import TimedOutError
from lakewright.execution import invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.gathering import gathered
from lakewright.execution.logs import logged_to
from lakewright.execution.result import TaskOutcome
from lakewright.execution.subprocesses import Processes
from lakewright.model.loop import name_of, task_of
from lakewright.model.states import State
from lakewright.model.task import PROCESSES, SERIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType

    from lakewright.execution.outputs import RunOutputs
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.telemetry import RunSpans
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import Task


# Named tuples: there is one of each for every attempt, and a frozen dataclass takes three times as long to make.
class Ended(NamedTuple):
    """How an attempt ended: with a record or an error; `iteration` is set where it is one of a repeated task."""

    key: str
    attempt: int
    seconds: float
    record: CommitRecord | None = None
    error: BaseException | None = None
    iteration: int | None = None

    @property
    def name(self) -> str:
        """What was tried: the task, or one iteration of it."""
        return self.key if self.iteration is None else name_of(self.key, self.iteration)

    def outcome(self, seconds: tuple[float, ...], *, cache: str, interrupted: bool) -> TaskOutcome:
        """How the task has ended, if no attempt follows.

        Args:
            seconds: of all its attempts.
            cache: why it was not taken from an earlier run, if it might have been.
            interrupted: whether the user asked for the end of the run.
        """
        return TaskOutcome(
            state=self.state(interrupted=interrupted),
            seconds=seconds,
            last_attempt=self.attempt,
            record=self.record,
            error=self.error,
            cache=cache,
        )

    def state(self, *, interrupted: bool) -> State:
        """The state that it ended in, if no attempt follows."""
        if self.record is not None:
            return State.SUCCESS
        if isinstance(self.error, KeyboardInterrupt) and interrupted:
            # The second Ctrl-C has ended what runs in the main thread.
            return State.CANCELLED
        return State.TIMED_OUT if isinstance(self.error, TimedOutError) else State.FAILED


class Next(NamedTuple):
    """An attempt that is to be made; `after` is how the one before it failed, `iteration` as for `Ended`."""

    key: str
    attempt: int
    after: Ended | None = None
    iteration: int | None = None


class Attempts:
    """Makes the attempts of one run, each on the thread that asks for it.

    Args:
        plan: the run.
        outputs: what its tasks have given so far.
        spans: of OpenTelemetry.
        elements: the indices of the elements that an iteration of a repeated task is for, by its name.
    """

    def __init__(
        self, plan: RunPlan, outputs: RunOutputs, *, spans: RunSpans, elements: Callable[[str], range]
    ) -> None:
        self._plan = plan
        self._outputs = outputs
        self._elements = elements
        self._processes = Processes(plan)
        self._traced = spans.around(self._record)

    def __enter__(self) -> None:
        """No process starts before there is work for it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._processes.close()

    def make(self, following: Next) -> Ended:
        """Try a task once; whatever happens is in what comes back."""
        key, attempt, _, iteration = following
        name = key if iteration is None else name_of(key, iteration)
        started = time.perf_counter()
        record, failure = None, None
        try:
            if self._plan.keeps_logs:
                with self._logged(name, attempt):
                    record = self._traced(name, attempt)
            else:
                record = self._traced(name, attempt)
        except BaseException as error:  # noqa: BLE001  also what a task raises to leave the process is its failure
            failure = error
        return Ended(key, attempt, time.perf_counter() - started, record, failure, iteration)

    def _logged(self, name: str, attempt: int) -> AbstractContextManager[object]:
        """What the attempt writes goes to its log; in a serial run it has the terminal too."""
        return logged_to(self._plan.paths.log(name, attempt), is_shown=self._plan.executor == SERIAL)

    def kill(self) -> None:
        """End all that runs in processes."""
        self._processes.kill()

    def _record(self, name: str, attempt: int) -> CommitRecord:
        task = self._plan.dag.task(task_of(name))
        elements = None if task.loop is None else self._elements(name)
        if self._plan.place(task) == PROCESSES:
            self._outputs.check_inputs(task)
            return self._processes.run(task, attempt, name=name, elements=elements)
        if elements is None:
            return self._made(task, attempt)
        return gathered(task.key, [self._made(task, attempt, index) for index in elements], self._plan.paths)

    def _made(self, task: Task, attempt: int, index: int | None = None) -> CommitRecord:
        context = TaskContext(self._plan.paths, self._plan.target, key=task.key, attempt=attempt, index=index)
        function = self._plan.trace.functions[task.key].function
        io = self._outputs.manager(task.key)
        published = self._plan.dag.published.get(task.key, ())
        value, record = invoke.run(invoke.Attempt(context, function, task.arguments, io, self._outputs, published))
        self._outputs.share(record.task, value)
        return record
