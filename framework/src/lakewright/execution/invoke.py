"""One attempt of one task: read, call, store, commit. The same for a run in this process and for the worker."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from lakewright.authoring.annotations import annotation
from lakewright.authoring.current import running_task
from lakewright.errors.running import FormatError
from lakewright.io import formats
from lakewright.io.base import InputContext, OutputContext, no_annotation
from lakewright.io.commit import write_record
from lakewright.io.default import DefaultIo
from lakewright.io.files import remove_folder
from lakewright.io.stored import inside, select
from lakewright.io.stored import length as stored_length
from lakewright.loading.objects import load
from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Each, Item, Join, Output, ParameterValue, Results
from lakewright.model.loop import name_of
from lakewright.model.record import CommitRecord, Stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lakewright.authoring.bucket import Bucket
    from lakewright.errors.base import Location
    from lakewright.execution.context import TaskContext
    from lakewright.execution.task_results import TaskResults
    from lakewright.io.base import IoManager
    from lakewright.model.binding import Argument, Binding, Gather, Leaf
    from lakewright.model.published import Published
    from lakewright.model.storage import Storage

DEFAULT: Final = DefaultIo()
UNSHARED: Final = object()


class Outputs(Protocol):
    """Where a task's inputs come from."""

    def record(self, task: str) -> CommitRecord:
        """The commit record of an upstream task."""

    def find(self, task: str) -> CommitRecord | None:
        """The same; None where there is none."""

    def manager(self, task: str) -> IoManager:
        """The manager that kept its output, set up."""

    def shared(self, task: str) -> object:
        """Its value, where tasks of this process may share the data; else `UNSHARED`."""

    def parameter(self, name: str) -> object:
        """The value of a job parameter."""

    def upstream(self, task: str) -> Iterable[str]:
        """All tasks that lead to a task, the nearest first."""


# A named tuple: there is one for every attempt, and a frozen dataclass takes three times as long to make.
class Attempt(NamedTuple):
    """What is needed to try a task once."""

    context: TaskContext
    function: Callable[..., object]
    arguments: tuple[Argument, ...]
    io: IoManager
    outputs: Outputs
    published: tuple[Published, ...] = ()


def run(attempt: Attempt) -> tuple[object, CommitRecord]:
    """The task's value and its commit record, written.

    Raises:
        Exception: whatever the task's body raises, unchanged.
        OutputError: an input cannot be read or the output not be kept.
    """
    token = running_task.set(attempt.context)
    try:
        args, kwargs = _call_arguments(attempt)
        value = _called(attempt.function, args, kwargs)
        if not attempt.published:
            return value, _stored(attempt, value)
        # Only loops and branches ask for them.
        from lakewright.execution.announcing import announce, announcements

        announced = announcements(attempt.context.key, value, attempt.published)
        record = _stored(attempt, value)
        announce(announced)
        return value, record
    finally:
        running_task.reset(token)


def _called(function: Callable[..., object], args: list[Any], kwargs: dict[str, Any]) -> object:
    """What a task's body returns; a process that the body has forked ends where it comes out of the body."""
    process = os.getpid()
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        if os.getpid() == process:
            raise
        os._exit(error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1)
    if os.getpid() != process:
        os._exit(0)
    return value


def _call_arguments(attempt: Attempt) -> tuple[list[Any], dict[str, Any]]:
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in attempt.arguments:
        value: Any = _argument(argument, attempt)
        if argument.kind == "keyword":
            named[argument.name] = value
        elif argument.kind == "positional":
            positional.append(value)
        elif argument.kind == "star":
            positional.extend(value)
        else:
            named.update(value)
    return positional, named


def _argument(argument: Argument, attempt: Attempt) -> object:
    binding = argument.binding
    if isinstance(binding, Join):
        binding = _Values(attempt.outputs, attempt.context, attempt.context.index).taken(binding)
    if isinstance(binding, (Output, Item, Each)):
        annotated = partial(annotation, attempt.function, argument.name)
        return read(_of_element(binding, attempt.context.index), attempt.outputs, attempt.context, annotated=annotated)
    return fill(binding, attempt.outputs, attempt.context)


def fill(binding: Binding, outputs: Outputs, context: TaskContext) -> object:
    """The value of a binding; outputs inside containers come in the type that was written."""
    return bindings.fill(binding, _Values(outputs, context, context.index), load)


class _Values:
    """What the leaves of a binding stand for, for one element of a loop or outside of any; a `bindings.Values`."""

    def __init__(self, outputs: Outputs, context: TaskContext, index: int | None) -> None:
        self._outputs = outputs
        self._context = context
        self._index = index

    def value(self, leaf: Leaf) -> object:
        if isinstance(leaf, Constant):
            return leaf.value(load)
        if isinstance(leaf, ParameterValue):
            return self._outputs.parameter(leaf.name)
        if isinstance(leaf, (Output, Item, Each)):
            return read(_of_element(leaf, self._index), self._outputs, self._context)
        if isinstance(leaf, Results):
            return _results(leaf, self._outputs, self._context)
        return _bucket(leaf.storage)

    def taken(self, join: Join) -> Binding:
        """The first side whose markers are there; else the one without any."""
        for side in join.sides:
            if all(self._outputs.find(marker) is not None for marker in side.markers):
                return side.binding
        # Repeated tasks without elements leave no output: the sides are alike then.
        return join.sides[-1].binding

    def for_each(self, gather: Gather) -> Iterator[_Values]:
        count = length(gather.over, self._outputs, self._context)
        return (_Values(self._outputs, self._context, index) for index in range(count))


def _of_element(leaf: Output | Item | Each, index: int | None) -> Output:
    """The output that a leaf takes for one element of a loop."""
    if isinstance(leaf, Output):
        return leaf
    assert index is not None  # noqa: S101  only repeated tasks and what is gathered take elements
    if isinstance(leaf, Item):
        return Output(leaf.task, (*leaf.path, index, *leaf.part))
    return Output(name_of(leaf.task, index), leaf.path)


def length(output: Output, outputs: Outputs, context: TaskContext) -> int:
    """How many elements the list has that was looped over.

    Raises:
        OutputError: there is no such list.
    """
    manager = outputs.manager(output.task)
    stored = outputs.record(output.task).stored
    if stored is not None and isinstance(manager, DefaultIo):
        part, rest = select(stored, output.path, task=output.task)
        count = None if rest else stored_length(part)
        if count is not None:
            return count
    from lakewright.execution.announcing import length_of

    return length_of(output.task, read(output, outputs, context))


def _results(leaf: Results, outputs: Outputs, context: TaskContext) -> TaskResults:
    # Only tasks that are wired by hand are given them.
    from lakewright.execution.task_results import TaskResults

    given = {name: constant.value(load) for name, constant in leaf.given}
    upstream = partial(outputs.upstream, context.key) if leaf.tasks is None else lambda: leaf.tasks or ()
    return TaskResults(
        given, upstream=upstream, record=outputs.record, read=lambda key: read(Output(key), outputs, context)
    )


def _bucket(storage: Storage) -> Bucket:
    # Most tasks are given none.
    from lakewright.authoring.bucket import Bucket

    return Bucket(storage.uri, storage.format, storage.options)


def read(
    output: Output, outputs: Outputs, context: TaskContext, *, annotated: Callable[[], object] = no_annotation
) -> object:
    """An upstream's output, or the part of it that is taken.

    Args:
        output: which one.
        outputs: where to find it.
        context: the run on whose behalf.
        annotated: resolves the type that the consumer asks for, where it matters.

    Raises:
        OutputError: there is none, it has no such part, or its files are gone.
    """
    value, rest = outputs.shared(output.task), output.path
    if value is UNSHARED:
        record = outputs.record(output.task)
        value = stored = record.stored
        manager = outputs.manager(output.task)
        if stored is not None and isinstance(manager, DefaultIo):
            stored, rest = select(stored, rest, task=output.task)
        if stored is not None:
            value = _read(record, stored, manager, context=context, annotated=annotated)
    return formats.converted(inside(value, rest, task=output.task), annotated)


def _read(
    record: CommitRecord,
    stored: Stored,
    manager: IoManager,
    *,
    context: TaskContext,
    annotated: Callable[[], object],
) -> object:
    return manager.read(
        InputContext(
            job=context.job,
            run_id=record.run_id,
            task=record.task,
            stored=stored,
            load=load,
            target=context.target_values,
            annotated=annotated,
        )
    )


def _stored(attempt: Attempt, value: object) -> CommitRecord:
    """Keep a task's value, then make it visible: the record is the last thing written.

    Of an attempt that cannot do both nothing is left.
    """
    context = attempt.context
    folder = context.paths.attempt(context.output, context.attempt)
    try:
        record = CommitRecord(
            job=context.job,
            run_id=context.run_id,
            task=context.output,
            attempt=context.attempt,
            stored=None if value is None else _kept(attempt, value, folder),
            finished_at=time.time(),
        )
        if attempt.io.durable:
            write_record(context.paths, record)
    except FormatError as error:
        remove_folder(folder)
        error.location = error.location or _definition(attempt.function)
        raise
    except BaseException:
        remove_folder(folder)
        raise
    return record


def _definition(function: Callable[..., object]) -> Location | None:
    # Only errors ask where a task is defined.
    from lakewright.authoring.callsite import definition_location

    return definition_location(function.__code__) if hasattr(function, "__code__") else None


def _kept(attempt: Attempt, value: object, folder: str) -> Stored:
    context = attempt.context
    output = OutputContext(
        job=context.job,
        run_id=context.run_id,
        task=context.output,
        attempt=context.attempt,
        element=context.index,
        folder=folder,
        target=context.target_values,
        annotated=partial(annotation, attempt.function, "return"),
    )
    return attempt.io.write(output, value) or Stored(format=type(attempt.io).__qualname__)
