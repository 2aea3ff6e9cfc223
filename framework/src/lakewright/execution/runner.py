"""Running a whole DAG in this process: ready tasks start at once, on threads; no barrier between levels."""

from __future__ import annotations

import heapq
import json
import time
from collections import deque
from contextlib import nullcontext
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple

from lakewright.execution import invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.events import TaskEvent, ignore
from lakewright.execution.interrupts import on_interrupt
from lakewright.execution.logs import capturing, logged_to
from lakewright.execution.outputs import RunOutputs
from lakewright.execution.result import RunInterruptedError, RunResult, TaskOutcome
from lakewright.execution.subprocesses import OwnProcesses, TimedOutError
from lakewright.execution.workers import Workers
from lakewright.model.states import RUN, Rule, State, Verdict, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Unpack

    from lakewright.execution.events import EventFields
    from lakewright.execution.plan import RunPlan
    from lakewright.model.dag import Dag
    from lakewright.model.record import CommitRecord
    from lakewright.model.task import TaskSettings


def run(plan: RunPlan) -> RunResult[Any]:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised.

    Raises:
        RunInterruptedError: Ctrl-C was pressed; what ran has ended, and nothing else was started. Pressed again, it is
            a KeyboardInterrupt at once: processes are killed, and threads are left to die with this process.
    """
    running = _Run(plan)
    result = running.result()
    if running.interrupted:
        raise RunInterruptedError(result)
    return result


# Named tuples: there is one of each for every attempt, and a frozen dataclass takes three times as long to make.
class _Ended(NamedTuple):
    """How an attempt ended: with a record or an error."""

    key: str
    attempt: int
    seconds: float
    record: CommitRecord | None = None
    error: BaseException | None = None


class _Next(NamedTuple):
    """An attempt that is to be made; `after` is how the one before it failed."""

    key: str
    attempt: int
    after: _Ended | None = None


# How many tasks beyond those that run are left to the workers' own queue.
_LOOKAHEAD: Final = 64


def _may_try_again(error: BaseException, settings: TaskSettings) -> bool:
    """A retry is a retry, whatever ended the attempt before it; the platform's own field may say otherwise."""
    return not isinstance(error, TimedOutError) or bool(json.loads(settings.databricks).get("retry_on_timeout", True))


class _Run:
    """The state of one run; only the calling thread touches it, workers send how attempts ended through a queue.

    Attributes:
        interrupted: whether the user asked to stop.
    """

    def __init__(self, plan: RunPlan) -> None:
        self.interrupted = False
        self._plan = plan
        self._dag: Dag = plan.dag
        self._outputs = RunOutputs(plan)
        self._processes = OwnProcesses(plan)
        self._workers = Workers(plan.max_workers, self._work)
        self._ended: SimpleQueue[_Ended | _Next | None] = SimpleQueue()
        self._running = 0
        # Whoever listens is told that a task has started when it has, and a failure may have to stop the next one; else
        # no thread need wait for it.
        looks_ahead = plan.listener is ignore and not plan.fails_fast
        self._at_once = plan.max_workers + (_LOOKAHEAD if looks_ahead else 0)
        self._ready: deque[_Next] = deque()
        self._retries: list[tuple[float, str, _Next]] = []
        self._stopped = ""
        self._waiting = {
            key: sum(upstream not in plan.settled for upstream in self._dag.upstream(key))
            for key in self._dag.nodes
            if key not in plan.settled
        }
        self._seconds: dict[str, tuple[float, ...]] = {}
        self._outcomes: dict[str, TaskOutcome] = {}

    def result(self) -> RunResult[Any]:
        """Run to the end."""
        started = time.perf_counter()
        with self._workers, capturing() if self._plan.keeps_logs else nullcontext(), on_interrupt(self._interrupt):
            try:
                self._go()
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    self._workers.abandon()
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

    def _go(self) -> None:
        self._settle_beforehand()
        self._ready_or_skip([key for key, waits_for in self._waiting.items() if not waits_for])
        while self._running or self._ready or self._retries:
            while self._ready and self._running < self._at_once:
                self._start(self._ready.popleft())
            self._step()

    def _tell(self, **fields: Unpack[EventFields]) -> None:
        """Tell an event to who listens; where nobody does, none is made."""
        if self._plan.listener is not ignore:
            self._plan.listener(TaskEvent(**fields))

    def _interrupt(self) -> None:
        """In a signal handler, so anywhere: leave word for `_step`."""
        self._ended.put(None)

    def _step(self) -> None:
        """Take in the end of an attempt, or let a retry that is due get ready."""
        now = time.monotonic()
        if self._retries and self._retries[0][0] <= now:
            self._ready.append(heapq.heappop(self._retries)[2])
            return
        try:
            ended = self._ended.get(timeout=self._retries[0][0] - now if self._retries else None)
        except Empty:
            return
        if ended is None:
            self.interrupted = True
            self._stop("cancelled: the run was interrupted")
            return
        self._running -= 1
        if isinstance(ended, _Next):
            self._drop(ended)
            return
        self._seconds[ended.key] = (*self._seconds.get(ended.key, ()), ended.seconds)
        if self._is_tried_again(ended):
            self._retry(ended)
        else:
            self._end(ended)

    def _is_tried_again(self, ended: _Ended) -> bool:
        if ended.error is None or self._stopped:
            return False
        settings = self._dag.task(ended.key).settings
        return self._failures(ended) <= settings.retry.retries and _may_try_again(ended.error, settings)

    def _failures(self, ended: _Ended) -> int:
        """How many attempts have failed in this run; those of an earlier process do not count."""
        return ended.attempt - self._plan.tried.get(ended.key, 0)

    def _stop(self, reason: str) -> None:
        """Start nothing more; what runs goes on to its end."""
        self._stopped = reason
        waiting = [*self._ready, *(following for _, _, following in self._retries)]
        self._ready.clear()
        self._retries.clear()
        self._tell(kind="stopping", key="", state=State.CANCELLED, reason=reason)
        for following in waiting:
            self._drop(following)

    def _drop(self, following: _Next) -> None:
        """Make no such attempt: its task is cancelled, or stays as the attempt before left it."""
        if following.after is None:
            self._ready_or_skip([following.key])
        else:
            self._end(following.after)

    def _settle_beforehand(self) -> None:
        """Take over what has been done before, and leave out what is not wanted."""
        for key in self._dag.nodes:
            if key in self._plan.left_out:
                self._outputs.release_inputs(key)
                self._outcomes[key] = TaskOutcome(state=State.EXCLUDED, reason="not selected")
            elif key in self._plan.kept:
                self._keep(self._plan.kept[key])

    def _keep(self, record: CommitRecord) -> None:
        is_ours = record.run_id == self._plan.paths.run_id
        reason = "done before" if is_ours else f"from run {record.run_id}"
        self._tell(
            kind="ended",
            key=record.task,
            state=State.SUCCESS,
            attempt=record.attempt if is_ours else 0,
            rows=record.rows,
            reason=reason,
        )
        self._outputs.add(record)
        self._outputs.release_inputs(record.task)
        self._outcomes[record.task] = TaskOutcome(state=State.SUCCESS, record=record, reason=reason)

    def _ready_or_skip(self, keys: list[str]) -> None:
        """Make tasks ready whose parents have all ended, or skip them; a skip may make others ready."""
        pending = deque(keys)
        while pending:
            key = pending.popleft()
            verdict = self._verdict(key)
            if verdict.runs:
                self._ready.append(_Next(key, self._plan.tried.get(key, 0) + 1))
                continue
            self._tell(kind="ended", key=key, state=verdict.state, reason=verdict.reason)
            pending.extend(self._settled(key, TaskOutcome(state=verdict.state, reason=verdict.reason)))

    def _verdict(self, key: str) -> Verdict:
        parents = [
            (parent, self._outcomes[parent].state)
            for parent in self._dag.upstream(key)
            if parent not in self._plan.left_out
        ]
        verdict = judge(Rule(self._dag.task(key).settings.run_if), parents) if parents else RUN
        if verdict.runs and self._stopped:
            return Verdict(runs=False, state=State.CANCELLED, reason=self._stopped)
        return verdict

    def _settled(self, key: str, outcome: TaskOutcome) -> list[str]:
        """Take note of how a task ended; its children that wait for nothing more."""
        self._outcomes[key] = outcome
        self._outputs.release_inputs(key)
        ready: list[str] = []
        for child in self._dag.downstream(key):
            if child in self._plan.settled:
                continue
            self._waiting[child] -= 1
            if not self._waiting[child]:
                ready.append(child)
        return ready

    def _start(self, following: _Next) -> None:
        self._tell(kind="started", key=following.key, state=State.RUNNING, attempt=following.attempt)
        self._running += 1
        self._workers.put(following)

    def _work(self, following: _Next) -> None:
        """On a worker thread: one attempt, whatever happens, ends in one message; none is begun once all is to stop."""
        if self._stopped:
            self._ended.put(following)
            return
        key, attempt = following.key, following.attempt
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

    def _retry(self, ended: _Ended) -> None:
        wait = self._dag.task(ended.key).settings.retry.wait(self._failures(ended))
        self._tell(
            kind="retrying",
            key=ended.key,
            state=State.FAILED,
            attempt=ended.attempt,
            seconds=ended.seconds,
            wait=wait,
            error=ended.error,
        )
        following = _Next(ended.key, ended.attempt + 1, after=ended)
        heapq.heappush(self._retries, (time.monotonic() + wait, ended.key, following))

    def _end(self, ended: _Ended) -> None:
        state = State.SUCCESS
        if ended.record is not None:
            self._outputs.add(ended.record)
        else:
            state = State.TIMED_OUT if isinstance(ended.error, TimedOutError) else State.FAILED
        self._tell(
            kind="ended",
            key=ended.key,
            state=state,
            attempt=ended.attempt,
            seconds=ended.seconds,
            rows=ended.record.rows if ended.record else None,
            error=ended.error,
        )
        outcome = TaskOutcome(
            state=state,
            seconds=self._seconds[ended.key],
            last_attempt=ended.attempt,
            record=ended.record,
            error=ended.error,
        )
        ready = self._settled(ended.key, outcome)
        if self._plan.fails_fast and state is not State.SUCCESS and not self._stopped:
            self._stop(f"cancelled: {ended.key} failed")
        self._ready_or_skip(ready)
