"""What a task is given: the values that its arguments stand for."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import Final, Protocol

from lakewright.authoring.annotations import annotation
from lakewright.io import formats
from lakewright.io.base import InputContext, no_annotation
from lakewright.io.default import DefaultIo
from lakewright.io.stored import inside, select
from lakewright.io.stored import length as stored_length
from lakewright.loading.objects import load
from lakewright.model import binding as bindings
from lakewright.model.binding import Constant, Each, Item, Join, Output, ParameterValue, Results
from lakewright.model.loop import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lakewright.authoring.bucket import Bucket
    from lakewright.execution.context import TaskContext
    from lakewright.execution.task_results import TaskResults
    from lakewright.io.base import IoManager
    from lakewright.model.binding import Argument, Binding, Gather, Leaf
    from lakewright.model.record import CommitRecord, Stored
    from lakewright.model.storage import Storage

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


def given(argument: Argument, outputs: Outputs, context: TaskContext, *, to: Callable[..., object]) -> object:
    """What the function `to` is given for an argument; an output comes in the type that its annotation asks for."""
    binding = argument.binding
    if isinstance(binding, Join):
        binding = _Values(outputs, context, context.index).taken(binding)
    if isinstance(binding, (Output, Item, Each)):
        annotated = partial(annotation, to, argument.name)
        return read(_of_element(binding, context.index), outputs, context, annotated=annotated)
    return fill(binding, outputs, context)


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
        """The first side whose markers are there, or the latest; else the one without any."""
        there: list[tuple[float, Binding]] = []
        for side in join.sides:
            records = [self._outputs.find(marker) for marker in side.markers]
            known = [record for record in records if record is not None]
            if len(known) == len(records):
                there.append((max((record.finished_at for record in known), default=0.0), side.binding))
        if join.is_latest and there:
            return max(there, key=itemgetter(0))[1]
        # Repeated tasks without elements leave no output: the sides are alike then.
        return there[0][1] if there else join.sides[-1].binding

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
