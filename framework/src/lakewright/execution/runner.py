"""Running a whole DAG in this process: ready tasks start at once, on threads; no barrier between levels."""

from __future__ import annotations

import heapq
import json
import time
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from lakewright.execution import invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.events import TaskEvent
from lakewright.execution.logs import capturing, logged_to
from lakewright.execution.outputs import RunOutputs
from lakewright.execution.result import RunResult, TaskOutcome
from lakewright.execution.subprocesses import OwnProcesses, TimedOutError
from lakewright.execution.workers import Workers
from lakewright.model.states import RUN, Rule, State, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lakewright.execution.plan import RunPlan
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import TaskSettings


def run(plan: RunPlan) -> RunResult[Any]:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised."""
    return _Run(plan).result()


@dataclass(frozen=True, slots=True)
class _Ended:
    """How an attempt ended: with a record or an error."""

    key: str
    attempt: int
    seconds: float
    record: CommitRecord | None = None
    error: BaseException | None = None


def _may_try_again(error: BaseException, settings: TaskSettings) -> bool:
    """A retry is a retry, whatever ended the attempt before it; the platform's own field may say otherwise."""
    return not isinstance(error, TimedOutError) or bool(json.loads(settings.databricks).get("retry_on_timeout", True))


class _Run:
    """The state of one run; only the calling thread touches it, workers send how attempts ended through a queue."""

    def __init__(self, plan: RunPlan) -> None:
        self._plan = plan
        self._dag: Dag = plan.dag
        self._outputs = RunOutputs(plan)
        self._processes = OwnProcesses(plan)
        self._workers = Workers(plan.max_workers, self._work)
        self._ended: SimpleQueue[_Ended] = SimpleQueue()
        self._running = 0
        self._retries: list[tuple[float, str, int]] = []
        self._waiting = {
            key: sum(upstream not in plan.kept for upstream in self._dag.upstream(key))
            for key in self._dag.nodes
            if key not in plan.kept
        }
        self._seconds: dict[str, tuple[float, ...]] = {}
        self._outcomes: dict[str, TaskOutcome] = {}

    def result(self) -> RunResult[Any]:
        """Run to the end."""
        started = time.perf_counter()
        with self._workers, capturing() if self._plan.keeps_logs else nullcontext():
            try:
                self._keep()
                self._start_or_skip([key for key, waits_for in self._waiting.items() if not waits_for])
                while self._running or self._retries:
                    self._step()
            except BaseException:
                self._processes.kill()
                raise
        return RunResult(
            dag=self._dag,
            paths=self._plan.paths,
            outcomes={key: self._outcomes[key] for key in self._dag.nodes},
            seconds=time.perf_counter() - started,
            value_of=self._outputs.value,
            body_value=self._outputs.body_value,
        )

    def _step(self) -> None:
        """Take in the end of an attempt, or start the retry that is due."""
        now = time.monotonic()
        if self._retries and self._retries[0][0] <= now:
            _, key, attempt = heapq.heappop(self._retries)
            self._start(key, attempt)
            return
        try:
            ended = self._ended.get(timeout=self._retries[0][0] - now if self._retries else None)
        except Empty:
            return
        self._running -= 1
        self._seconds[ended.key] = (*self._seconds.get(ended.key, ()), ended.seconds)
        settings = self._dag.task(ended.key).settings
        failures = ended.attempt - self._plan.tried.get(ended.key, 0)
        if ended.error is not None and failures <= settings.retry.retries and _may_try_again(ended.error, settings):
            self._retry(ended, settings.retry.wait(failures))
        else:
            self._end(ended)

    def _keep(self) -> None:
        """Take over what has been done before."""
        for key in self._dag.nodes:
            record = self._plan.kept.get(key)
            if record is None:
                continue
            is_ours = record.run_id == self._plan.paths.run_id
            reason = "done before" if is_ours else f"from run {record.run_id}"
            event = TaskEvent(
                kind="ended",
                key=key,
                state=State.SUCCESS,
                attempt=record.attempt if is_ours else 0,
                rows=record.rows,
                reason=reason,
            )
            self._plan.listener(event)
            self._outputs.add(record)
            self._outputs.release_inputs(key)
            self._outcomes[key] = TaskOutcome(state=State.SUCCESS, record=record, reason=reason)

    def _start_or_skip(self, ready: list[str]) -> None:
        """Start or skip tasks whose parents have all ended; a skip may make others ready."""
        pending = deque(ready)
        while pending:
            key = pending.popleft()
            parents = [(parent, self._outcomes[parent].state) for parent in self._dag.upstream(key)]
            verdict = judge(Rule(self._dag.task(key).settings.run_if), parents) if parents else RUN
            if verdict.runs:
                self._start(key, self._plan.tried.get(key, 0) + 1)
                continue
            self._plan.listener(TaskEvent(kind="ended", key=key, state=verdict.state, reason=verdict.reason))
            pending.extend(self._settled(key, TaskOutcome(state=verdict.state, reason=verdict.reason)))

    def _settled(self, key: str, outcome: TaskOutcome) -> list[str]:
        """Take note of how a task ended; its children that wait for nothing more."""
        self._outcomes[key] = outcome
        self._outputs.release_inputs(key)
        ready: list[str] = []
        for child in self._dag.downstream(key):
            if child in self._plan.kept:
                continue
            self._waiting[child] -= 1
            if not self._waiting[child]:
                ready.append(child)
        return ready

    def _start(self, key: str, attempt: int) -> None:
        self._plan.listener(TaskEvent(kind="started", key=key, state=State.RUNNING, attempt=attempt))
        self._running += 1
        self._workers.put((key, attempt))

    def _work(self, item: tuple[str, int]) -> None:
        """On a worker thread: one attempt, whatever happens, ends in one message."""
        key, attempt = item
        started = time.perf_counter()
        record, failure = None, None
        try:
            with logged_to(self._plan.paths.log(key, attempt)) if self._plan.keeps_logs else nullcontext():
                record = self._attempt(key, attempt)
        except BaseException as error:  # noqa: BLE001  also what a task raises to leave the process is its failure
            failure = error
        self._ended.put(_Ended(key, attempt, time.perf_counter() - started, record, failure))

    def _attempt(self, key: str, attempt: int) -> CommitRecord:
        task = self._dag.task(key)
        if task.settings.timeout is not None:
            return self._processes.run(task, attempt)
        context = TaskContext(self._plan.paths, self._plan.target, key=key, attempt=attempt)
        function = self._plan.trace.functions[key].function
        io = self._outputs.manager(key)
        value, record = invoke.run(invoke.Attempt(context, function, task.arguments, io, self._outputs))
        self._outputs.share(key, value)
        return record

    def _retry(self, ended: _Ended, wait: float) -> None:
        self._plan.listener(
            TaskEvent(
                kind="retrying",
                key=ended.key,
                state=State.FAILED,
                attempt=ended.attempt,
                seconds=ended.seconds,
                wait=wait,
                error=ended.error,
            )
        )
        heapq.heappush(self._retries, (time.monotonic() + wait, ended.key, ended.attempt + 1))

    def _end(self, ended: _Ended) -> None:
        state = State.SUCCESS
        if ended.record is not None:
            self._outputs.add(ended.record)
        else:
            state = State.TIMED_OUT if isinstance(ended.error, TimedOutError) else State.FAILED
        self._plan.listener(
            TaskEvent(
                kind="ended",
                key=ended.key,
                state=state,
                attempt=ended.attempt,
                seconds=ended.seconds,
                rows=ended.record.rows if ended.record else None,
                error=ended.error,
            )
        )
        outcome = TaskOutcome(
            state=state,
            seconds=self._seconds[ended.key],
            last_attempt=ended.attempt,
            record=ended.record,
            error=ended.error,
        )
        self._start_or_skip(self._settled(ended.key, outcome))
