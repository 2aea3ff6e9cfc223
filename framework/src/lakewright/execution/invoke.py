"""One attempt of one task: read, call, store, commit. The same for a run in this process and for the worker."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Protocol

from lakewright.authoring.running import running_task
from lakewright.execution.annotations import annotation
from lakewright.io import formats
from lakewright.io.base import InputContext, OutputContext
from lakewright.io.commit import write_record
from lakewright.io.default import DefaultIo, select
from lakewright.loading.objects import load
from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Output, ParameterValue
from lakewright.model.record import CommitRecord, Stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.execution.context import TaskContext
    from lakewright.io.base import IoManager
    from lakewright.model.binding import Argument, Binding

DEFAULT: Final = DefaultIo()
UNSHARED: Final = object()
# Formats whose values come back in one type only, so that the consumer's annotation need not be resolved.
_UNTYPED: Final = frozenset({"json", "memory"})


class Outputs(Protocol):
    """Where a task's inputs come from."""

    def record(self, task: str) -> CommitRecord:
        """The commit record of an upstream task."""

    def manager(self, task: str) -> IoManager:
        """The manager that kept its output, set up."""

    def shared(self, task: str) -> object:
        """Its value, where tasks of this process may share the very object; else `UNSHARED`."""

    def parameter(self, name: str) -> object:
        """The value of a job parameter."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is needed to try a task once."""

    context: TaskContext
    function: Callable[..., object]
    arguments: tuple[Argument, ...]
    io: IoManager
    outputs: Outputs


def run(attempt: Attempt) -> tuple[object, CommitRecord]:
    """The task's value and its commit record, written.

    Raises:
        Exception: whatever the task's body raises, unchanged.
        OutputError: an input cannot be read or the output not be kept.
    """
    token = running_task.set(attempt.context)
    try:
        args, kwargs = _call_arguments(attempt)
        value = attempt.function(*args, **kwargs)
        return value, store(attempt, value)
    finally:
        running_task.reset(token)


def _call_arguments(attempt: Attempt) -> tuple[list[object], dict[str, object]]:
    positional: list[object] = []
    named: dict[str, object] = {}
    for argument in attempt.arguments:
        value = _value(argument, attempt)
        if argument.kind == "keyword":
            named[argument.name] = value
        elif argument.kind == "positional":
            positional.append(value)
        elif argument.kind == "star":
            positional.extend(value)  # type: ignore[arg-type]  # bound as a tuple
        else:
            named.update(value)  # type: ignore[call-overload]  # bound as a dict
    return positional, named


def _value(argument: Argument, attempt: Attempt) -> object:
    binding = argument.binding
    if isinstance(binding, Output):
        return read(binding, attempt.outputs, attempt.context, lambda: annotation(attempt.function, argument.name))
    return fill(binding, attempt.outputs, attempt.context)


def fill(binding: Binding, outputs: Outputs, context: TaskContext) -> object:
    """The value of a binding; outputs inside containers come in the type that was written."""

    def leaf(part: Constant | ParameterValue | Output) -> object:
        if isinstance(part, Constant):
            return part.value(load)
        if isinstance(part, ParameterValue):
            return outputs.parameter(part.name)
        return read(part, outputs, context, _no_type)

    return bindings.fill(binding, leaf, load)


def _no_type() -> None:
    return None


def read(output: Output, outputs: Outputs, context: TaskContext, wanted: Callable[[], object]) -> object:
    """An upstream's output, or the part of it that is taken.

    Args:
        output: which one.
        outputs: where to find it.
        context: the run on whose behalf.
        wanted: the type that the consumer asks for, resolved only where it matters.
    """
    shared = outputs.shared(output.task)
    if shared is not UNSHARED:
        return formats.converted(inner(shared, output.path), wanted)
    stored, rest = outputs.record(output.task).stored, output.path
    manager = outputs.manager(output.task)
    if isinstance(manager, DefaultIo):
        stored, rest = select(stored, rest, task=output.task)
    if stored is None:
        return None
    value = manager.read(
        InputContext(
            job=context.job,
            run_id=context.run_id,
            task=output.task,
            stored=stored,
            load=load,
            target=context.target_values,
            annotation=None if stored.format in _UNTYPED else wanted(),
        )
    )
    return inner(value, rest)


def inner(value: object, path: tuple[str | int, ...]) -> object:
    """The part of a value at a path of keys, indices and attributes."""
    for step in path:
        value = getattr(value, step) if isinstance(step, str) and not isinstance(value, dict) else value[step]  # type: ignore[index]  # as the handle allowed
    return value


def store(attempt: Attempt, value: object) -> CommitRecord:
    """Keep a task's value, then make it visible: the record is the last thing written."""
    context = attempt.context
    record = CommitRecord(
        job=context.job,
        run_id=context.run_id,
        task=context.key,
        attempt=context.attempt,
        stored=None if value is None else _kept(attempt, value),
        finished_at=time.time(),
    )
    if attempt.io.durable:
        write_record(context.paths, record)
    return record


def _kept(attempt: Attempt, value: object) -> Stored:
    context = attempt.context
    output = OutputContext(
        job=context.job,
        run_id=context.run_id,
        task=context.key,
        attempt=context.attempt,
        folder=context.paths.attempt(context.key, context.attempt),
        target=context.target_values,
        annotation=_return_annotation(attempt, value),
    )
    return attempt.io.write(output, value) or Stored(format=type(attempt.io).__qualname__)


def _return_annotation(attempt: Attempt, value: object) -> object:
    # The default manager asks for it only to tell a promised tuple from an accidental one; resolving is not free.
    if attempt.io is DEFAULT and not isinstance(value, tuple):
        return None
    return annotation(attempt.function, "return")
