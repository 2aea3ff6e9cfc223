"""Running a whole DAG in this process: ready tasks start at once, on threads; no barrier between levels."""

from __future__ import annotations

import heapq
import time
from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from lakewright.execution import invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.events import TaskEvent
from lakewright.execution.outputs import RunOutputs
from lakewright.execution.result import RunResult, TaskOutcome
from lakewright.execution.subprocesses import TimedOutError, run_in_process
from lakewright.execution.threads import Threads
from lakewright.model.states import FAILURES, RUN, Rule, State, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lakewright.execution.plan import RunPlan
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord


def run(plan: RunPlan) -> RunResult[Any]:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised."""
    return _Run(plan).result()


@dataclass(frozen=True, slots=True)
class _Finished:
    key: str
    attempt: int
    seconds: float
    record: CommitRecord | None = None
    error: BaseException | None = None


class _Run:
    """The state of one run; only the calling thread touches it, workers send `_Finished` through a queue."""

    def __init__(self, plan: RunPlan) -> None:
        self.plan = plan
        self.dag: Dag = plan.trace.dag
        self.outputs = RunOutputs(plan)
        self.states: dict[str, State] = {}
        self.outcomes: dict[str, TaskOutcome] = {}
        self.seconds: dict[str, tuple[float, ...]] = {}
        self.waiting = {key: len(self.dag.upstream(key)) for key in self.dag.nodes}
        self.finished: SimpleQueue[_Finished] = SimpleQueue()
        self.retries: list[tuple[float, str, int]] = []
        self.running = 0
        self.threads = Threads(min(plan.max_workers, len(self.dag.nodes)), self._work)

    def result(self) -> RunResult[Any]:
        started = time.perf_counter()
        with self.threads:
            self._settle(deque(self.dag.roots))
            while self.running or self.retries:
                self._step()
        ordered = {key: self.outcomes[key] for key in self.dag.nodes}
        return RunResult(
            dag=self.dag,
            paths=self.plan.paths,
            outcomes=ordered,
            seconds=time.perf_counter() - started,
            value_of=self.outputs.value,
            body_value=self.outputs.body_value,
        )

    def _step(self) -> None:
        """Take one result, or start the retry that is due."""
        now = time.monotonic()
        if self.retries and self.retries[0][0] <= now:
            _, key, attempt = heapq.heappop(self.retries)
            self._start(key, attempt)
            return
        try:
            done = self.finished.get(timeout=self.retries[0][0] - now if self.retries else None)
        except Empty:
            return
        self.running -= 1
        self.seconds[done.key] = (*self.seconds.get(done.key, ()), done.seconds)
        if done.error is None:
            self._succeed(done)
        else:
            self._fail(done, done.error)

    def _settle(self, ready: deque[str]) -> None:
        """Start or skip tasks whose parents have all ended; a skip may make others ready."""
        while ready:
            key = ready.popleft()
            parents = [(parent, self.states[parent]) for parent in self.dag.upstream(key)]
            verdict = judge(Rule(self.dag.task(key).settings.run_if), parents) if parents else RUN
            if verdict.runs:
                self._start(key, 1)
                continue
            self.outcomes[key] = TaskOutcome(state=verdict.state, reason=verdict.reason)
            self.plan.listener(TaskEvent(kind="ended", key=key, state=verdict.state, reason=verdict.reason))
            ready.extend(self._ended(key, verdict.state))

    def _ended(self, key: str, state: State) -> list[str]:
        """Children that wait for nothing more."""
        self.states[key] = state
        self.outputs.release_inputs(key)
        ready: list[str] = []
        for child in self.dag.downstream(key):
            self.waiting[child] -= 1
            if not self.waiting[child]:
                ready.append(child)
        return ready

    def _start(self, key: str, attempt: int) -> None:
        self.plan.listener(TaskEvent(kind="started", key=key, state=State.RUNNING, attempt=attempt))
        self.running += 1
        self.threads.put(key, attempt)

    def _work(self, key: str, attempt: int) -> None:
        """On a worker thread: one attempt, whatever happens, ends in one message."""
        started = time.perf_counter()
        try:
            record = self._attempt(key, attempt)
        except BaseException as error:  # noqa: BLE001  also what a task raises to leave the process: it is the task's failure
            self.finished.put(_Finished(key, attempt, time.perf_counter() - started, error=error))
        else:
            self.finished.put(_Finished(key, attempt, time.perf_counter() - started, record=record))

    def _attempt(self, key: str, attempt: int) -> CommitRecord:
        task = self.dag.task(key)
        if task.settings.timeout is not None:
            return run_in_process(self.plan, task, attempt)
        function = self.plan.trace.functions[key]
        context = TaskContext(
            job=self.dag.name, run_id=self.plan.paths.run_id, key=key, attempt=attempt, target=self.plan.target
        )
        io = self.outputs.manager(key)
        value, record = invoke.run(invoke.Attempt(context, function.function, task.arguments, io, self.outputs))
        self.outputs.share(key, value)
        return record

    def _succeed(self, done: _Finished) -> None:
        assert done.record is not None  # noqa: S101  an attempt gives either a record or an error
        self.outputs.add(done.record)
        self._end(done, TaskOutcome(state=State.SUCCESS, seconds=self.seconds[done.key], record=done.record))

    def _fail(self, done: _Finished, error: BaseException) -> None:
        retry = self.dag.task(done.key).settings.retry
        if done.attempt <= retry.retries:
            wait = retry.wait(done.attempt)
            event = TaskEvent(
                kind="retrying",
                key=done.key,
                state=State.FAILED,
                attempt=done.attempt,
                seconds=done.seconds,
                wait=wait,
                error=error,
            )
            self.plan.listener(event)
            heapq.heappush(self.retries, (time.monotonic() + wait, done.key, done.attempt + 1))
            return
        state = State.TIMED_OUT if isinstance(error, TimedOutError) else State.FAILED
        self._end(done, TaskOutcome(state=state, seconds=self.seconds[done.key], error=error))

    def _end(self, done: _Finished, outcome: TaskOutcome) -> None:
        self.outcomes[done.key] = outcome
        event = TaskEvent(
            kind="ended",
            key=done.key,
            state=outcome.state,
            attempt=done.attempt,
            seconds=done.seconds,
            rows=outcome.record.rows if outcome.record else None,
            error=outcome.error if outcome.state in FAILURES else None,
        )
        self.plan.listener(event)
        self._settle(deque(self._ended(done.key, outcome.state)))
