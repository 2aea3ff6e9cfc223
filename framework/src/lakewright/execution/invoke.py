"""One attempt of one task: read, call, store, commit. The same for a run in this process and for the worker."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any, Final, NamedTuple

from lakewright.authoring.annotations import annotation
from lakewright.authoring.current import running_task
from lakewright.errors.running import FormatError
from lakewright.execution import inputs
from lakewright.io.base import OutputContext
from lakewright.io.commit import write_record
from lakewright.io.default import DefaultIo
from lakewright.io.files import remove_folder
from lakewright.model.record import CommitRecord, Stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.errors.base import Location
    from lakewright.execution.context import TaskContext
    from lakewright.io.base import IoManager
    from lakewright.model.binding import Argument
    from lakewright.model.published import Published

DEFAULT: Final = DefaultIo()


# A named tuple: there is one for every attempt, and a frozen dataclass takes three times as long to make.
class Attempt(NamedTuple):
    """What is needed to try a task once."""

    context: TaskContext
    function: Callable[..., object]
    arguments: tuple[Argument, ...]
    io: IoManager
    outputs: inputs.Outputs
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
    """What a task's body returns; a process that the body has forked ends where it comes out of the body.

    A script that ends by `sys.exit(0)` has ended well: its task gives None. Any other exit is a failure.
    """
    process = os.getpid()
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        if os.getpid() == process:
            if isinstance(error, SystemExit) and error.code in {None, 0}:
                return None
            raise
        os._exit(error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1)
    if os.getpid() != process:
        os._exit(0)
    return value


def _call_arguments(attempt: Attempt) -> tuple[list[Any], dict[str, Any]]:
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for argument in attempt.arguments:
        value: Any = inputs.given(argument, attempt.outputs, attempt.context, to=attempt.function)
        if argument.kind == "keyword":
            named[argument.name] = value
        elif argument.kind == "positional":
            positional.append(value)
        elif argument.kind == "star":
            positional.extend(value)
        else:
            named.update(value)
    return positional, named


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
