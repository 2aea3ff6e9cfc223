"""Repeated tasks in a run: which iterations are to be tried next, and how the task as a whole has ended."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from lakewright.execution.attempts import Next
from lakewright.execution.gathering import apart, gathered
from lakewright.execution.result import TaskOutcome
from lakewright.io.commit import read_record
from lakewright.model.loop import name_of, spans
from lakewright.model.states import State
from lakewright.text.names import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lakewright.execution.attempts import Ended
    from lakewright.execution.outputs import RunOutputs
    from lakewright.execution.plan import RunPlan
    from lakewright.model.loop import Loop
    from lakewright.model.record import CommitRecord

_MOST_SHOWN: Final = 10


def summary(count: int, failed: Sequence[int]) -> str:
    """How the iterations of a repeated task have ended.

    Args:
        count: how many there were.
        failed: the numbers of those that did not end well.

    >>> summary(3, []), summary(1, []), summary(3, [1])
    ('3 iterations', '1 iteration', '1 of 3 iterations failed: 1')
    """
    counted = plural(count, "iteration")
    if not failed:
        return counted
    shown = ", ".join(map(str, failed[:_MOST_SHOWN])) + (", …" if len(failed) > _MOST_SHOWN else "")
    return f"{len(failed)} of {counted} failed: {shown}"


@dataclass(slots=True)
class _Repeat:
    """One repeated task on its way; iterations are known by their numbers."""

    spans: Sequence[range]
    attempt: int
    began: float
    waiting: deque[int]
    running: int = 0
    stopped: str = ""
    records: dict[int, CommitRecord] = field(default_factory=dict)
    errors: dict[int, BaseException | None] = field(default_factory=dict)


class Repeats:
    """The repeated tasks of one run.

    Args:
        plan: the run.
        outputs: what its tasks have given.
    """

    def __init__(self, plan: RunPlan, outputs: RunOutputs) -> None:
        self._plan = plan
        self._outputs = outputs
        self._repeats: dict[str, _Repeat] = {}

    def begin(self, key: str, loop: Loop) -> list[Next]:
        """The first iterations of a task; those that an earlier process has done are taken over.

        Raises:
            OutputError: there is no list to repeat it for.
        """
        shared = spans(self._outputs.length(loop.over))
        repeat = self._repeats[key] = _Repeat(shared, self.attempt(key), time.perf_counter(), deque(range(len(shared))))
        if self._plan.kept.keys() >= set(self._plan.dag.upstream(key)):
            self._adopt(key, repeat)
        return [following for _ in range(loop.concurrency) for following in self._following(key)]

    def attempt(self, key: str) -> int:
        """The number that this try of a task as a whole has, over all processes of the run."""
        return self._plan.tried.get(key, 0) + 1

    def attempt_of(self, record: CommitRecord) -> int:
        """The attempt that made an output of before; that of a repeated task was made by its last one."""
        last = self._plan.tried.get(record.task, 0)
        return record.attempt if self._plan.dag.task(record.task).loop is None else max(1, last)

    def _adopt(self, key: str, repeat: _Repeat) -> None:
        """Take over iterations whose task is not done as a whole, although all that it takes is as it was."""
        for number in list(repeat.waiting):
            records = [read_record(self._plan.paths, name_of(key, index)) for index in repeat.spans[number]]
            if all(records):
                self._take(repeat, [record for record in records if record is not None])
                repeat.waiting.remove(number)

    def _following(self, key: str) -> list[Next]:
        """The next iteration of a task, if one may start."""
        repeat = self._repeats[key]
        if not repeat.waiting:
            return []
        number = repeat.waiting.popleft()
        repeat.running += 1
        return [Next(key, self._plan.tried.get(name_of(key, number), 0) + 1, iteration=number)]

    def elements(self, name: str) -> range:
        """The indices of the elements that an iteration is for."""
        key, _, number = name.rpartition(".")
        return self._repeats[key].spans[int(number)]

    def end(self, ended: Ended) -> list[Next]:
        """Take note of how an iteration has ended for good; what starts in its place."""
        repeat = self._repeats[ended.key]
        repeat.running -= 1
        assert ended.iteration is not None  # noqa: S101  else it is none
        if ended.error is not None:
            repeat.errors[ended.iteration] = ended.error
        if ended.record is not None:
            self._take(repeat, apart(ended.record, self._plan.dag))
        return self._following(ended.key)

    def _take(self, repeat: _Repeat, records: Iterable[CommitRecord]) -> None:
        for record in records:
            self._outputs.add(record)
            repeat.records[int(record.task.rpartition(".")[2])] = record

    def drop(self, following: Next) -> None:
        """Let an iteration that was to be tried not be."""
        repeat = self._repeats[following.key]
        repeat.running -= 1
        assert following.iteration is not None  # noqa: S101  else it is none
        repeat.errors[following.iteration] = None

    def stop(self, reason: str, still_runs: Callable[[str], bool]) -> list[str]:
        """Let no iteration more start, but of the tasks that still run; the others that are on their way."""
        stopped = {key: repeat for key, repeat in self._repeats.items() if not still_runs(key)}
        for repeat in stopped.values():
            repeat.stopped = reason
            repeat.errors.update(dict.fromkeys(repeat.waiting))
            repeat.waiting.clear()
        return list(stopped)

    def outcome(self, key: str) -> TaskOutcome | None:
        """How a task has ended; None while iterations of it run or wait."""
        repeat = self._repeats.get(key)
        if repeat is None or repeat.running or repeat.waiting:
            return None
        del self._repeats[key]
        failed = sorted(number for number, error in repeat.errors.items() if error is not None)
        seconds = (time.perf_counter() - repeat.began,)
        if not repeat.errors:
            records = [repeat.records[index] for index in sorted(repeat.records)]
            record = gathered(key, records, self._plan.paths)
            self._outputs.add(record)
            reason = summary(len(repeat.spans), ())
            return TaskOutcome(
                state=State.SUCCESS, seconds=seconds, last_attempt=repeat.attempt, record=record, reason=reason
            )
        if not failed:
            return TaskOutcome(
                state=State.CANCELLED, seconds=seconds, last_attempt=repeat.attempt, reason=repeat.stopped
            )
        return TaskOutcome(
            state=State.FAILED,
            seconds=seconds,
            last_attempt=repeat.attempt,
            error=repeat.errors[failed[0]],
            reason=summary(len(repeat.spans), failed),
        )
