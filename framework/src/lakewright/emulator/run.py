"""Executing a definition: ready tasks start at once, each in a process of its own; no barrier between levels.

Every decision (rules, references, conditions, retries) is a function of values elsewhere; here they are put in order
of time. A task waits for its parents, a slot for a process is held by an attempt only, and whoever is cancelled takes
its processes along.
"""

from __future__ import annotations

import asyncio
import time

from lakewright.emulator.attempt import Unit, attempt, log_of
from lakewright.emulator.definition import UNLIMITED, Condition, ForEach
from lakewright.emulator.inputs import items
from lakewright.emulator.outcomes import Attempt, IsolatedResult, Outcome, failure
from lakewright.emulator.references import TaskStatus, resolve
from lakewright.errors.running import RunError
from lakewright.execution.events import TaskEvent
from lakewright.execution.repeating import summary
from lakewright.execution.telemetry import RunSpans, tell
from lakewright.model import comparison
from lakewright.model.judging import verdict
from lakewright.model.states import FAILURES, State
from lakewright.text.names import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence

    from lakewright.emulator.definition import EmulatedTask
    from lakewright.emulator.plan import IsolatedPlan


def run(plan: IsolatedPlan) -> IsolatedResult:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised.

    Not to be called from a running event loop.
    """
    with RunSpans(plan.paths) as spans:
        result = asyncio.run(_Run(plan, spans).result())
        spans.end(result)
        return result


class _Run:
    """The state of one run; coroutines of one loop touch it, so nothing of it is locked."""

    def __init__(self, plan: IsolatedPlan, spans: RunSpans) -> None:
        self.plan = plan
        self.spans = spans
        self.slots = asyncio.Semaphore(plan.max_workers)
        self.ended = {task.key: asyncio.Event() for task in plan.job.tasks}
        self.outcomes: dict[str, Outcome] = {}
        self.statuses: dict[str, TaskStatus | None] = dict.fromkeys(self.ended)
        self.attempts: dict[str, list[Attempt]] = {}

    async def result(self) -> IsolatedResult:
        started = time.perf_counter()
        reason = ""
        try:
            await asyncio.wait_for(_together(map(self._task, self.plan.job.tasks)), self.plan.job.timeout)
        except asyncio.TimeoutError:
            reason = f"the job did not end within {self.plan.job.timeout:g} s"
            self._cancel_rest(reason)
        return IsolatedResult(
            job=self.plan.job.name,
            paths=self.plan.paths,
            outcomes={task.key: self.outcomes[task.key] for task in self.plan.job.tasks},
            leaves=self.plan.job.leaves,
            seconds=time.perf_counter() - started,
            reason=reason,
            notes=self.plan.notes,
        )

    def _cancel_rest(self, reason: str) -> None:
        for task in self.plan.job.tasks:
            if task.key not in self.outcomes:
                self._end(task, self._cancelled(task.key, reason))

    async def _task(self, task: EmulatedTask) -> None:
        for need in task.needs:
            await self.ended[need.key].wait()
        judged = verdict(task.rule, task.needs, self.outcomes)
        self._end(task, await self._work(task) if judged.runs else Outcome(state=judged.state, reason=judged.reason))

    def _end(self, task: EmulatedTask, outcome: Outcome) -> None:
        self.outcomes[task.key] = outcome
        self.statuses[task.key] = TaskStatus(outcome.state, max(1, len(outcome.attempts)))
        self.ended[task.key].set()
        last = outcome.attempts[-1] if outcome.attempts else None
        failed = outcome.state in FAILURES
        event = TaskEvent(
            kind="ended",
            key=task.key,
            state=outcome.state,
            attempt=last.number if last else 1,
            seconds=last.seconds if last else 0.0,
            rows=last.rows if last else None,
            error=failure(outcome.state, outcome.reason) if failed else None,
            reason="" if failed and last else outcome.reason,
        )
        self.plan.listener(event)

    async def _work(self, task: EmulatedTask) -> Outcome:
        if isinstance(task.work, Condition):
            return self._decide(task, task.work)
        if isinstance(task.work, ForEach):
            return await self._repeat(task, task.work)
        return await self._try(Unit(task, task.key))

    def _decide(self, task: EmulatedTask, condition: Condition) -> Outcome:
        self._started(task.key)
        scope = self.plan.scope(task=task.key, statuses=self.statuses)
        try:
            left, right = (resolve(text, scope, comparison.operand) for text in (condition.left, condition.right))
            taken = comparison.outcome(condition.operator, left, right)
        except RunError as error:
            return Outcome(state=State.FAILED, reason=error.message)
        reason = f"{comparison.shown(condition.operator, left, right)} is {taken}"
        return Outcome(state=State.SUCCESS, taken=taken, reason=reason)

    async def _repeat(self, task: EmulatedTask, loop: ForEach) -> Outcome:
        """One iteration for each input; a failed one keeps none of the others from running."""
        self._started(task.key)
        try:
            found = items(resolve(loop.inputs, self.plan.scope(task=task.key, statuses=self.statuses)))
        except RunError as error:
            return Outcome(state=State.FAILED, reason=error.message)
        units = [Unit(loop.inner, f"{task.key}.{index}", (item,)) for index, item in enumerate(found)]
        done: dict[str, Outcome] = {}
        slots = asyncio.Semaphore(loop.concurrency)

        async def iterate(unit: Unit) -> None:
            async with slots:
                done[unit.name] = await self._try(unit)

        try:
            await asyncio.wait_for(_together(iterate(unit) for unit in units), task.timeout)
        except asyncio.TimeoutError:
            reason = f"did not end within {task.timeout:g} s"
            ended = tuple(done.get(unit.name) or self._cancelled(unit.name, reason) for unit in units)
            return Outcome(state=State.TIMED_OUT, reason=reason, iterations=ended)
        return _summary([done[unit.name] for unit in units])

    async def _try(self, unit: Unit) -> Outcome:
        """Attempts until one succeeds or no other follows."""
        attempts = self.attempts.setdefault(unit.name, [])
        while True:
            last = await self._attempt(unit, len(attempts) + 1)
            attempts.append(last)
            if last.state is State.SUCCESS:
                return Outcome(state=State.SUCCESS, attempts=tuple(attempts))
            wait = unit.task.retries.wait(last.number, last.state, last.seconds)
            if wait is None:
                return Outcome(state=last.state, attempts=tuple(attempts), reason=_reason(unit.task, last))
            self._retrying(unit, last, wait)
            await asyncio.sleep(wait)

    async def _attempt(self, unit: Unit, number: int) -> Attempt:
        async with self.slots:
            if not unit.item:
                self._started(unit.name, number)
            with self.spans.attempt(unit.name, number) as span:
                try:
                    made = await attempt(self.plan, unit, number, statuses=self.statuses)
                except asyncio.CancelledError:
                    log = log_of(self.plan, unit, number)
                    self.attempts[unit.name].append(Attempt(number=number, state=State.CANCELLED, log=log))
                    tell(span, State.CANCELLED)
                    raise
                tell(span, made.state, rows=made.rows, error=failure(made.state, made.reason) if made.reason else None)
                return made

    def _cancelled(self, name: str, reason: str) -> Outcome:
        return Outcome(state=State.CANCELLED, attempts=tuple(self.attempts.get(name, ())), reason=reason)

    def _started(self, key: str, number: int = 1) -> None:
        self.plan.listener(TaskEvent(kind="started", key=key, state=State.RUNNING, attempt=number))

    def _retrying(self, unit: Unit, failed: Attempt, wait: float) -> None:
        event = TaskEvent(
            kind="retrying",
            key=unit.name,
            state=failed.state,
            attempt=failed.number,
            seconds=failed.seconds,
            wait=wait,
            error=failure(failed.state, failed.reason),
        )
        self.plan.listener(event)


async def _together(work: Iterable[Coroutine[object, object, None]]) -> None:
    """Wait for all of it; when one part raises or the caller is cancelled, the others are cancelled and waited for."""
    tasks = [asyncio.create_task(each) for each in work]
    if not tasks:
        return
    try:
        # `gather` would cancel its tasks too, and a second cancellation cuts short what the first one made them do.
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _reason(task: EmulatedTask, last: Attempt) -> str:
    if task.retries.more is None and last.number > UNLIMITED:
        return f"{last.reason}; given up after {plural(last.number, 'attempt')}, where the platform would go on"
    return last.reason


def _summary(iterations: Sequence[Outcome]) -> Outcome:
    """The outcome of a for-each, of which all iterations have ended."""
    failed = [number for number, outcome in enumerate(iterations) if outcome.state is not State.SUCCESS]
    return Outcome(
        state=State.FAILED if failed else State.SUCCESS,
        reason=summary(len(iterations), failed),
        iterations=tuple(iterations),
    )
