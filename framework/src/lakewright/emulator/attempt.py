"""One attempt of one task: its arguments filled in, its process run, its end judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lakewright.emulator import processes
from lakewright.emulator.definition import Process, Started
from lakewright.emulator.outcomes import Attempt, Outcome
from lakewright.emulator.references import resolve
from lakewright.emulator.tracebacks import last_raised
from lakewright.errors.raised import Raised, Traceback
from lakewright.errors.running import RunError
from lakewright.execution.log_files import tidy
from lakewright.execution.traces import trace_variables
from lakewright.io.commit import read_record, remove_record
from lakewright.io.files import get, remove_folder
from lakewright.model.comparison import text_of
from lakewright.model.loop import indices, name_of, task_of
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.emulator.definition import EmulatedTask
    from lakewright.emulator.plan import IsolatedPlan
    from lakewright.emulator.processes import Ended
    from lakewright.emulator.references import Scope, TaskStatus

DONE_BEFORE: Final = "done before"
_COMMITTED_NOTHING: Final = (
    "the process ended with 0 and committed nothing: the task left it (os._exit), "
    "or its IO manager keeps values in one process only"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is tried.

    Attributes:
        task: what starts; for a for-each, the task that it repeats.
        name: the task's key; for a for-each `<key>.<index>`, with the key of the for-each.
        item: the element of a for-each, in a tuple.
    """

    task: EmulatedTask
    name: str
    item: tuple[object, ...] = ()

    @property
    def records(self) -> tuple[str, ...]:
        """The names under which the worker may commit: its task's, or those of an iteration's elements."""
        return (self.task.key, *self.elements)

    @property
    def elements(self) -> tuple[str, ...]:
        """Of an iteration whose input the framework has written, the names of its elements' records."""
        return tuple(name_of(task_of(self.name), index) for item in self.item for index in _elements(item))


def _elements(item: object) -> range:
    """The elements that an input stands for, if it is one of those that the framework writes."""
    try:
        return indices(text_of(item))
    except ValueError:
        return range(0)


def done_before(plan: IsolatedPlan, units: Iterable[Unit]) -> dict[str, Outcome]:
    """The iterations that an earlier process of the run has done, by name."""
    return {
        unit.name: Outcome(state=State.SUCCESS, reason=DONE_BEFORE)
        for unit in units
        if unit.elements and all(read_record(plan.paths, name) for name in unit.elements)
    }


async def attempt(plan: IsolatedPlan, unit: Unit, number: int, *, statuses: Mapping[str, TaskStatus | None]) -> Attempt:
    """Try a unit once; whatever happens in its process is in the attempt, not raised."""
    scope = plan.scope(task=unit.task.key, attempt=number, item=unit.item, statuses=statuses)
    try:
        command = _command(plan, unit.task, scope)
    except RunError as error:
        return Attempt(number=number, state=State.FAILED, reason=error.message)
    log = log_of(plan, unit, number)
    before = _records(plan, unit)
    try:
        ended = await processes.call(
            command, log, environment={**plan.environment, **trace_variables()}, timeout=unit.task.timeout
        )
    finally:
        tidy(log)
    committed = [name for name, content in _records(plan, unit).items() if content != before[name]]
    raised = _raised(ended, log)
    reason = _failure(unit.task, ended, raised.tracebacks[-1].error if raised else processes.last_line(log))
    # Another job commits in a run of its own.
    reason = reason or ("" if committed or isinstance(unit.task.work, Started) else _COMMITTED_NOTHING)
    if reason:
        _remove(plan, committed, number)
    record = read_record(plan.paths, committed[0]) if committed and not reason else None
    return Attempt(
        number=number,
        state=State.TIMED_OUT if ended.timed_out else State.FAILED if reason else State.SUCCESS,
        seconds=ended.seconds,
        exit_code=ended.exit_code,
        log=log,
        reason=reason,
        rows=record.rows if record else None,
        raised=raised,
    )


def _remove(plan: IsolatedPlan, committed: Iterable[str], number: int) -> None:
    """Leave nothing of an attempt that has failed after all: a process that ends badly, or not in time, has failed."""
    for name in committed:
        remove_record(plan.paths, name)
        remove_folder(plan.paths.attempt(name, number))


def _command(plan: IsolatedPlan, task: EmulatedTask, scope: Scope) -> tuple[str, ...]:
    """What is started for a task.

    Raises:
        MissingValueError: a reference to a task value that no task has set.
    """
    if not isinstance(task.work, Started):
        return (*plan.worker, *arguments(plan, task, scope))
    given = [("-p", f"{name}={resolve(text, scope)}") for name, text in task.work.parameters]
    return (*plan.starts[task.work.job], *(part for pair in given for part in pair))


def arguments(plan: IsolatedPlan, task: EmulatedTask, scope: Scope) -> tuple[str, ...]:
    """The arguments of a task's process, every reference filled in that means something.

    Raises:
        MissingValueError: a reference to a task value that no task has set.
    """
    parameters = task.work.parameters if isinstance(task.work, Process) else ()
    return tuple(plan.placed(resolve(text, scope)) for text in parameters)


def log_of(plan: IsolatedPlan, unit: Unit, number: int) -> str:
    """The file for what an attempt prints."""
    return plan.paths.log(unit.name, number)


def _records(plan: IsolatedPlan, unit: Unit) -> dict[str, bytes | None]:
    return {name: get(plan.paths.record(name)) for name in unit.records}


def _raised(ended: Ended, log: str) -> Raised | None:
    """What the task raised, as the traceback in its log tells it."""
    found = last_raised(log) if ended.exit_code and not ended.timed_out else None
    if found is None:
        return None
    kind, _, message = found.error.partition(": ")
    frames = (found.frame,) if found.frame else ()
    return Raised(f"{message} ({_how(ended)})".lstrip(), (kind,), (Traceback(found.error, frames),))


def _failure(task: EmulatedTask, ended: Ended, said: str) -> str:
    """Why an attempt failed, with what it said last; empty when its process ended well."""
    if ended.timed_out:
        return f"did not end within {task.timeout:g} s"
    if ended.exit_code is None:
        return ended.reason
    if not ended.exit_code:
        return ""
    return f"{said or 'it printed nothing'} ({_how(ended)})"


def _how(ended: Ended) -> str:
    code = ended.exit_code or 0
    return f"exit code {code}" if code > 0 else f"ended by signal {-code}"
