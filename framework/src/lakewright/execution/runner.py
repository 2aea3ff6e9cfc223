"""Running a whole DAG on this machine: ready tasks start at once; there is no barrier between levels."""

from __future__ import annotations

import time
from collections import deque
from contextlib import nullcontext

from lakewright.errors.running import RunError
from lakewright.execution.attempts import Attempts, Ended, Next
from lakewright.execution.cache import NoCache
from lakewright.execution.deciding import decided
from lakewright.execution.executors import Executor
from lakewright.execution.frontier import Frontier
from lakewright.execution.gathering import apart
from lakewright.execution.interrupts import INTERRUPTED, Interrupts
from lakewright.execution.logs import capturing
from lakewright.execution.outputs import RunOutputs
from lakewright.execution.repeating import Repeats
from lakewright.execution.result import RunInterruptedError, RunResult, TaskOutcome
from lakewright.execution.retrying import Retries
from lakewright.execution.telemetry import RunSpans
from lakewright.execution.telling import Teller
from lakewright.model.states import FOR_FAILURES, Rule, State, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lakewright.execution.cache import Cache
    from lakewright.execution.plan import RunPlan
    from lakewright.model.loop import Loop
    from lakewright.model.record import CommitRecord


def run(plan: RunPlan) -> RunResult[Any]:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised.

    Raises:
        RunInterruptedError: Ctrl-C was pressed; what ran has ended, and nothing else was started. Pressed again, it is
            a KeyboardInterrupt at once: processes are killed, and threads are left to die with this process.
    """
    with RunSpans(plan.paths, target=plan.target.name) as spans:
        running = _Run(plan, spans)
        result = running.result()
        spans.end(result)
        if running.interrupted:
            raise RunInterruptedError(result)
        return result


def _cache(plan: RunPlan, outputs: RunOutputs) -> Cache:
    if plan.cache is None:
        return NoCache()
    # Only runs with tasks that are cached need it.
    from lakewright.execution.cache_run import RunCache

    return RunCache(plan, outputs, plan.cache)


class _Run:
    """One run; only the calling thread touches it, the executor gives back how attempts ended.

    Attributes:
        interrupted: whether the user asked to stop.
    """

    def __init__(self, plan: RunPlan, spans: RunSpans) -> None:
        self.interrupted = False
        self._interrupts = Interrupts(self._interrupt)
        self._plan = plan
        self._tell = Teller(plan.listener)
        self._frontier = Frontier(plan)
        self._outputs = RunOutputs(plan, self._frontier.outcomes)
        self._cache = _cache(plan, self._outputs)
        self._repeats = Repeats(plan, self._outputs)
        self._attempts = Attempts(plan, self._outputs, spans=spans, elements=self._repeats.elements)
        self._executor = Executor(plan, self._make, self._begins)
        self._retries = Retries(plan)
        self._stopped = ""
        self._seconds: dict[str, tuple[float, ...]] = {}

    def result(self) -> RunResult[Any]:
        """Run to the end."""
        started = time.perf_counter()
        captured = capturing() if self._plan.keeps_logs else nullcontext()
        with self._attempts, self._executor, captured, self._interrupts:
            try:
                self._go()
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    self._executor.abandon()
                self._attempts.kill()
                raise
        return RunResult(
            dag=self._plan.dag,
            paths=self._plan.paths,
            outcomes={key: self._frontier.outcomes[key] for key in self._plan.dag.nodes},
            seconds=time.perf_counter() - started,
            value_of=self._outputs.value,
            body_value=self._outputs.body_value,
        )

    def _go(self) -> None:
        for key, outcome in self._plan.beforehand.items():
            self._take_over(key, outcome)
        self._decide(self._frontier.first())
        while self._executor or self._retries:
            self._step()

    def _interrupt(self) -> None:
        """In a signal handler, so anywhere: leave word for `_step`, which may have nothing more to do."""
        self.interrupted = True
        self._executor.wake()

    def _step(self) -> None:
        """Take in the end of an attempt, or let a retry that is due get ready."""
        now = time.monotonic()
        following = self._retries.due(now)
        if following is not None:
            self._executor.put(following)
            return
        ended = self._executor.step(self._retries.wait(now))
        self._interrupts.check()
        if isinstance(ended, Next):
            self._drop(ended)
        elif ended is not None:
            self._take_in(ended)
        elif self.interrupted and self._stopped != INTERRUPTED:
            self._stop(INTERRUPTED)

    def _stop(self, reason: str) -> None:
        """Start nothing more, but what is there for failures; what runs goes on to its end."""
        self._stopped = reason
        waiting = [*self._executor.drop(), *self._retries.drop()]
        self._tell.stopping(reason)
        repeated = self._repeats.stop(reason, self._still_runs)
        for following in waiting:
            self._drop(following)
        self._decide(child for key in repeated for child in self._concluded(key))

    def _drop(self, following: Next) -> None:
        """Make no such attempt, unless its task is there for failures; the task stays as the one before left it."""
        if self._still_runs(following.key):
            self._executor.put(following)
        elif following.after is not None:
            self._end(following.after)
        elif following.iteration is None:
            self._decide([following.key])
        else:
            self._repeats.drop(following)
            self._decide(self._concluded(following.key))

    def _take_over(self, key: str, outcome: TaskOutcome) -> None:
        """Go on from what was done before, without what is not wanted."""
        record = outcome.record
        if record is not None:
            attempt = self._repeats.attempt_of(record) if self._plan.has_made(record) else 0
            self._tell.taken(record, outcome.reason, attempt=attempt)
            self._add(record)
        self._outputs.release_inputs(key)

    def _add(self, record: CommitRecord) -> None:
        """Hold what a task has given, also by element, where it is repeated."""
        self._outputs.add(record)
        for each in apart(record, self._plan.dag):
            self._outputs.add(each)

    def _decide(self, keys: Iterable[str]) -> None:
        """Make tasks ready whose parents have all ended, or skip them; a skip lets others be decided."""
        pending = deque(keys)
        while pending:
            key = pending.popleft()
            verdict = self._frontier.verdict(key)
            if verdict.runs and not self._still_runs(key):
                verdict = Verdict(runs=False, state=State.CANCELLED, reason=self._stopped)
            loop = self._plan.dag.task(key).loop
            taken = self._cache.look(key) if verdict.runs else None
            if taken is not None:
                pending.extend(self._take(taken))
            elif verdict.runs and self._plan.dag.task(key).operator:
                pending.extend(self._compared(key))
            elif verdict.runs and loop is not None:
                pending.extend(self._repeated(key, loop))
            elif verdict.runs:
                self._executor.put(Next(key, self._plan.tried.get(key, 0) + 1))
            else:
                self._tell.skipped(key, verdict)
                pending.extend(self._settle(key, TaskOutcome(state=verdict.state, reason=verdict.reason)))

    def _compared(self, key: str) -> list[str]:
        """See how a condition comes out; its children that wait for nothing more."""
        self._tell.started(key)
        return self._finished(key, decided(self._plan.dag.task(key), self._plan, self._outputs))

    def _repeated(self, key: str, loop: Loop) -> list[str]:
        """Make the first iterations of a task ready; if there are none, its children that wait for nothing more."""
        attempt = self._repeats.attempt(key)
        self._tell.started(key, attempt)
        try:
            first = self._repeats.begin(key, loop)
        except RunError as error:
            failed = TaskOutcome(state=State.FAILED, seconds=(0.0,), last_attempt=attempt, error=error)
            return self._finished(key, failed)
        for following in first:
            self._executor.put(following)
        return self._concluded(key)

    def _concluded(self, key: str) -> list[str]:
        """End a repeated task if all of its iterations have ended; its children that wait for nothing more."""
        outcome = self._repeats.outcome(key)
        if outcome is None:
            return []
        if outcome.record is not None:
            self._cache.read(outcome.record)
            self._cache.keep(outcome.record)
        return self._finished(key, outcome._replace(cache=self._cache.missed.get(key, "")))

    def _take(self, record: CommitRecord) -> list[str]:
        """Go on with what a task gave in an earlier run; its children that wait for nothing more."""
        reason = f"cached, from run {record.run_id}"
        self._tell.taken(record, reason)
        self._add(record)
        return self._settle(record.task, TaskOutcome(state=State.SUCCESS, record=record, reason=reason))

    def _still_runs(self, key: str) -> bool:
        """Whether a task may start: once all is to stop, only one that is there for failures; after Ctrl-C none."""
        if not self._stopped:
            return True
        return not self.interrupted and Rule(self._plan.dag.task(key).settings.run_if) in FOR_FAILURES

    def _settle(self, key: str, outcome: TaskOutcome) -> list[str]:
        """Take note of how a task ended; its children that wait for nothing more."""
        self._outputs.release_inputs(key)
        return self._frontier.end(key, outcome)

    def _begins(self, following: Next) -> None:
        if following.iteration is None:
            self._tell.started(following.key, following.attempt)

    def _make(self, following: Next) -> Ended | Next:
        """On the thread of an attempt: make it, or give it back once all is to stop."""
        if not self._still_runs(following.key):
            return following
        ended = self._attempts.make(following)
        if isinstance(ended.error, KeyboardInterrupt):
            self._interrupts.answered()
        if ended.record is not None and ended.iteration is None:
            self._cache.read(ended.record)
        return ended

    def _take_in(self, ended: Ended) -> None:
        """An attempt has ended: its task with it, or another one follows."""
        if ended.iteration is None:
            self._seconds[ended.key] = (*self._seconds.get(ended.key, ()), ended.seconds)
        if not (self._still_runs(ended.key) and self._retries.follows(ended)):
            self._end(ended)
            return
        self._tell.retrying(ended, self._retries.put(ended, time.monotonic()))

    def _end(self, ended: Ended) -> None:
        if ended.iteration is not None:
            self._end_iteration(ended)
            return
        if ended.record is not None:
            self._outputs.add(ended.record)
            self._cache.keep(ended.record)
        missed = self._cache.missed.get(ended.key, "")
        outcome = ended.outcome(self._seconds[ended.key], cache=missed, interrupted=self.interrupted)
        self._decide(self._finished(ended.key, outcome))

    def _end_iteration(self, ended: Ended) -> None:
        self._tell.ended(ended, ended.state(interrupted=self.interrupted))
        for following in self._repeats.end(ended):
            self._executor.put(following)
        if self._plan.fails_fast and ended.error is not None and not self._stopped:
            self._stop(f"cancelled: {ended.key} failed")
        self._decide(self._concluded(ended.key))

    def _finished(self, key: str, outcome: TaskOutcome) -> list[str]:
        """Take note of a task that was tried for the last time; its children that wait for nothing more."""
        self._tell.finished(key, outcome)
        children = self._settle(key, outcome)
        if self._plan.fails_fast and outcome.state is not State.SUCCESS and not self._stopped:
            self._stop(f"cancelled: {key} failed")
        return children
