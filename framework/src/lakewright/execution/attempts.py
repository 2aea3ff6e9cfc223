"""Attempts of tasks: what is to be tried, how it went, and the trying itself."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import NamedTuple

from lakewright.execution import invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.logs import logged_to
from lakewright.execution.subprocesses import Processes
from lakewright.model.task import PROCESSES, SERIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType

    from lakewright.execution.outputs import RunOutputs
    from lakewright.execution.plan import RunPlan
    from lakewright.execution.telemetry import RunSpans
    from lakewright.model.record import CommitRecord


# Named tuples: there is one of each for every attempt, and a frozen dataclass takes three times as long to make.
class Ended(NamedTuple):
    """How an attempt ended: with a record or an error."""

    key: str
    attempt: int
    seconds: float
    record: CommitRecord | None = None
    error: BaseException | None = None


class Next(NamedTuple):
    """An attempt that is to be made; `after` is how the one before it failed."""

    key: str
    attempt: int
    after: Ended | None = None


class Attempts:
    """Makes the attempts of one run, each on the thread that asks for it."""

    def __init__(self, plan: RunPlan, outputs: RunOutputs, spans: RunSpans) -> None:
        self._plan = plan
        self._outputs = outputs
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
        key, attempt, _ = following
        started = time.perf_counter()
        record, failure = None, None
        try:
            with self._logged(key, attempt) if self._plan.keeps_logs else nullcontext():
                record = self._traced(key, attempt)
        except BaseException as error:  # noqa: BLE001  also what a task raises to leave the process is its failure
            failure = error
        return Ended(key, attempt, time.perf_counter() - started, record, failure)

    def _logged(self, key: str, attempt: int) -> AbstractContextManager[object]:
        """What the attempt writes goes to its log; in a serial run it has the terminal too."""
        return logged_to(self._plan.paths.log(key, attempt), is_shown=self._plan.executor == SERIAL)

    def kill(self) -> None:
        """End all that runs in processes."""
        self._processes.kill()

    def _record(self, key: str, attempt: int) -> CommitRecord:
        task = self._plan.dag.task(key)
        if self._plan.place(task) == PROCESSES:
            return self._processes.run(task, attempt)
        context = TaskContext(self._plan.paths, self._plan.target, key=key, attempt=attempt)
        function = self._plan.trace.functions[key].function
        io = self._outputs.manager(key)
        value, record = invoke.run(invoke.Attempt(context, function, task.arguments, io, self._outputs))
        self._outputs.share(key, value)
        return record
