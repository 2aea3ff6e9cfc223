"""Executing a definition: ready tasks start at once, each in a process of its own; no barrier between levels.

Every decision (rules, references, conditions, retries) is a function of values elsewhere; here they are put in order
of time. A task waits for its parents, a slot for a process is held by an attempt only, and whoever is cancelled takes
its processes along.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from lakewright.emulator.attempt import DONE_BEFORE, Unit, attempt, done_before, log_of
from lakewright.emulator.definition import UNLIMITED, Condition, ForEach
from lakewright.emulator.inputs import items
from lakewright.emulator.outcomes import Attempt, IsolatedResult, Outcome
from lakewright.emulator.references import TaskStatus, resolve
from lakewright.emulator.stopping import Stop
from lakewright.emulator.telling import Teller
from lakewright.errors.running import RunError
from lakewright.execution.interrupts import INTERRUPTED, LOOKS_EVERY, Interrupts
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
    from lakewright.model.states import Rule


def run(plan: IsolatedPlan) -> IsolatedResult:
    """Run every task of the plan that its rule lets run; failures are in the result, not raised.

    Not to be called from a running event loop. Ctrl-C lets what runs end, and starts nothing else; pressed again, it is
    a KeyboardInterrupt at once, and all processes are killed.
    """
    with RunSpans(plan.paths) as spans:
        running = _Run(plan, spans)
        with Interrupts(running.interrupt):
            result = asyncio.run(running.result())
        spans.end(result)
        return result


class _Run:
    """The state of one run; coroutines of one loop touch it, so nothing of it is locked."""

    def __init__(self, plan: IsolatedPlan, spans: RunSpans) -> None:
        self.plan = plan
        self.spans = spans
        self.stop = Stop()
        self.tell = Teller(plan.listener, plan.tried)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.interrupted = False
        self.slots = asyncio.Semaphore(plan.max_workers)
        self.ended = {task.key: asyncio.Event() for task in plan.job.tasks}
        self.outcomes: dict[str, Outcome] = {}
        self.statuses: dict[str, TaskStatus | None] = dict.fromkeys(self.ended)
        self.attempts: dict[str, list[Attempt]] = {}

    def interrupt(self) -> None:
        """In a signal handler, so anywhere: leave word for the loop, which may be waiting."""
        self.interrupted = True
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._stop, INTERRUPTED)

    def _stop(self, reason: str) -> None:
        """Start nothing more, but what is there for failures; after Ctrl-C not even that."""
        self.stop.ask(reason, everything=self.interrupted)
        self.tell.stopping(reason)

    async def result(self) -> IsolatedResult:
        self.loop = asyncio.get_running_loop()
        self._look(self.loop)
        if self.interrupted:
            self._stop(INTERRUPTED)
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
            interrupted=self.interrupted,
        )

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop wait for no longer than a Ctrl-C may go unseen."""
        loop.call_later(LOOKS_EVERY, self._look, loop)

    def _cancel_rest(self, reason: str) -> None:
        for task in self.plan.job.tasks:
            if task.key not in self.outcomes:
                self._end(task, self._cancelled(task.key, reason))

    async def _task(self, task: EmulatedTask) -> None:
        kept = self.plan.kept.get(task.key)
        if kept is not None:
            self._end(task, Outcome(state=State.SUCCESS, reason=DONE_BEFORE, rows=kept.rows))
            return
        for need in task.needs:
            await self.ended[need.key].wait()
        judged = verdict(task.rule, task.needs, self.outcomes)
        if not judged.runs:
            self._end(task, Outcome(state=judged.state, reason=judged.reason))
        elif self.stop.reaches(task.rule):
            self._end(task, Outcome(state=State.CANCELLED, reason=self.stop.reason))
        else:
            self._end(task, await self._work(task))

    def _end(self, task: EmulatedTask, outcome: Outcome) -> None:
        self.outcomes[task.key] = outcome
        self.statuses[task.key] = TaskStatus(outcome.state, max(1, len(outcome.attempts)))
        self.tell.ended(task.key, outcome)
        self._heed(task, outcome)
        self.ended[task.key].set()

    def _heed(self, task: EmulatedTask, outcome: Outcome) -> None:
        """Stop the run once something has failed, where that is wanted."""
        failed = outcome.state in FAILURES - {State.CANCELLED}
        if failed and self.plan.fails_fast and not self.stop.reason:
            self._stop(f"cancelled: {task.key} failed")

    async def _work(self, task: EmulatedTask) -> Outcome:
        if isinstance(task.work, Condition):
            return self._decide(task, task.work)
        if isinstance(task.work, ForEach):
            return await self._repeat(task, task.work)
        return await self._try(Unit(task, task.key), task.rule)

    def _decide(self, task: EmulatedTask, condition: Condition) -> Outcome:
        self.tell.started(task.key)
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
        self.tell.started(task.key)
        began = time.perf_counter()
        try:
            found = items(resolve(loop.inputs, self.plan.scope(task=task.key, statuses=self.statuses)))
        except RunError as error:
            return Outcome(state=State.FAILED, reason=error.message)
        units = [Unit(loop.inner, f"{task.key}.{index}", (item,)) for index, item in enumerate(found)]
        is_as_before = self.plan.kept.keys() >= {need.key for need in task.needs}
        done = done_before(self.plan, units) if is_as_before else {}
        slots = asyncio.Semaphore(loop.concurrency)

        async def iterate(unit: Unit) -> None:
            async with slots:
                outcome = done[unit.name] = await self._try(unit, task.rule)
                if outcome.attempts:
                    self.tell.ended(unit.name, outcome)
                    self._heed(task, outcome)

        try:
            left = [unit for unit in units if unit.name not in done]
            await asyncio.wait_for(_together(map(iterate, left)), task.timeout)
        except asyncio.TimeoutError:
            reason = f"did not end within {task.timeout:g} s"
            ended = tuple(done.get(unit.name) or self._cancelled(unit.name, reason) for unit in units)
            outcome = Outcome(state=State.TIMED_OUT, reason=reason, iterations=ended)
        else:
            outcome = _summary([done[unit.name] for unit in units], stopped=self.stop.reason)
        return replace(outcome, took=time.perf_counter() - began)

    async def _try(self, unit: Unit, rule: Rule) -> Outcome:
        """Attempts until one succeeds, or no other follows: a task that is to stop stays as the last one left it."""
        attempts = self.attempts.setdefault(unit.name, [])
        while True:
            made = await self._attempt(unit, rule)
            if made is not None:
                attempts.append(made)
            if not attempts:
                return Outcome(state=State.CANCELLED, reason=self.stop.reason)
            last = attempts[-1]
            wait = None if last.state is State.SUCCESS else self._wait(unit, last)
            if made is None or wait is None or self.stop.reaches(rule):
                return Outcome(state=last.state, attempts=tuple(attempts), reason=self._reason(unit))
            self.tell.retrying(unit.name, last, wait)
            await self.stop.pause(rule, wait)

    def _wait(self, unit: Unit, last: Attempt) -> float | None:
        return unit.task.retries.wait(len(self.attempts[unit.name]), last.state, last.seconds)

    async def _attempt(self, unit: Unit, rule: Rule) -> Attempt | None:
        """Try once; None where nothing is to be tried any more."""
        number = self.plan.tried.get(unit.name, 0) + len(self.attempts[unit.name]) + 1
        async with self.slots:
            if self.stop.reaches(rule):
                return None
            if not unit.item:
                self.tell.started(unit.name, number)
            with self.spans.attempt(unit.name, number) as span:
                try:
                    made = await attempt(self.plan, unit, number, statuses=self.statuses)
                except asyncio.CancelledError:
                    log = log_of(self.plan, unit, number)
                    self.attempts[unit.name].append(Attempt(number=number, state=State.CANCELLED, log=log))
                    tell(span, State.CANCELLED)
                    raise
                tell(span, made.state, rows=made.rows, error=made.error)
                return made

    def _cancelled(self, name: str, reason: str) -> Outcome:
        return Outcome(state=State.CANCELLED, attempts=tuple(self.attempts.get(name, ())), reason=reason)

    def _reason(self, unit: Unit) -> str:
        """Why no attempt follows the last one, which has failed."""
        attempts = self.attempts[unit.name]
        reason = attempts[-1].reason
        if unit.task.retries.more is None and len(attempts) > UNLIMITED:
            return f"{reason}; given up after {plural(len(attempts), 'attempt')}, where the platform would go on"
        return reason


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


def _summary(iterations: Sequence[Outcome], *, stopped: str) -> Outcome:
    """The outcome of a for-each, of which all iterations have ended.

    Args:
        iterations: how each has ended.
        stopped: why some of them were not tried.
    """
    failed = [number for number, each in enumerate(iterations) if each.state in FAILURES - {State.CANCELLED}]
    if not failed and any(each.state is State.CANCELLED for each in iterations):
        return Outcome(state=State.CANCELLED, reason=stopped, iterations=tuple(iterations))
    return Outcome(
        state=State.FAILED if failed else State.SUCCESS,
        reason=summary(len(iterations), failed),
        iterations=tuple(iterations),
    )
