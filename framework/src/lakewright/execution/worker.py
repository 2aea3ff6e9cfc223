"""`lakewright-run`: one task in a process of its own, as the platform starts it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import cached_property
from os import environ
from types import FunctionType
from typing import Any, Final

from lakewright.authoring.body import Body, HasBody
from lakewright.authoring.task import TaskFunction
from lakewright.errors.running import InvocationError
from lakewright.execution import inputs, invoke
from lakewright.execution.context import TaskContext
from lakewright.execution.managers import find, ready
from lakewright.io.commit import committed, read_record
from lakewright.io.paths import RunPaths
from lakewright.loading.objects import load
from lakewright.model.invocation import ITEM, from_argv
from lakewright.model.loop import indices, task_of
from lakewright.model.target import TargetValues
from lakewright.model.values import described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from logging import Logger

    from lakewright.io.base import IoManager
    from lakewright.model.invocation import Received
    from lakewright.model.record import CommitRecord
    from lakewright.model.reference import Reference


_DEPLOY_AGAIN: Final = "Deploy the job again."


def main(argv: Sequence[str] | None = None) -> None:
    """Run the task that the argv describes.

    Ends normally when the task did its part, be it by `sys.exit(0)`; raises otherwise. It never calls `sys.exit`, which
    the platform takes for a failure even with 0.

    Raises:
        InvocationError: the argv is not one that code generation wrote.
        LoadError: the wheels of this environment do not have the task.
        Exception: whatever the task raises.
    """
    run_task(from_argv(sys.argv[1:] if argv is None else argv))


def run_task(received: Received) -> list[CommitRecord]:
    """Read, call, store, commit; the record, or those of the elements that a repeated task was given."""
    invocation, values = received.invocation, received.values
    target = TargetValues(
        name=values["target"],
        root=values["root"],
        data=values["data"],
        catalog=values["catalog"],
        schema=values["schema"],
    )
    paths = RunPaths(target.root, invocation.job, values["run_id"])
    outputs = CommittedOutputs(received, paths)
    if invocation.packages_from:
        # Only jobs with packages of their own need it.
        from lakewright.execution.provision.packages import provide

        provide(paths, invocation.packages_from)
    io = ready(find(invocation.io)) if invocation.io else ready(invoke.DEFAULT)
    function = task_function(invocation.function)
    attempt = _attempt_number(values["attempt"])
    records: list[CommitRecord] = []
    with _trace():
        for index in _elements(values[ITEM]) if invocation.is_repeated else (None,):
            context = _WorkerContext(paths, target, key=invocation.task, attempt=attempt, index=index)
            made = invoke.Attempt(context, function, invocation.arguments, io, outputs, invocation.published)
            records.append(invoke.run(made)[1])
    return records


def _elements(text: str) -> range:
    try:
        return indices(text)
    except ValueError as error:
        raise InvocationError(f"the input of a for-each: {error}", hint=_DEPLOY_AGAIN) from error


class _WorkerContext(TaskContext):
    """The context of the one task of a process: its logger is heard."""

    __slots__ = ()

    @property
    def logger(self) -> Logger:
        """A logger named after job and task."""
        # Only tasks that log pay for it.
        from lakewright.execution.logs import log_to_stderr

        log_to_stderr()
        return super().logger


def _trace() -> AbstractContextManager[None]:
    """The trace that whoever started this process names, for the spans that a task makes itself."""
    if "TRACEPARENT" not in environ:
        return nullcontext()
    # Only processes that are traced need it.
    from lakewright.execution.traces import continued

    return continued()


def _attempt_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvocationError(f"the attempt {text!r} is no number", hint=_DEPLOY_AGAIN)
    return int(text)


def task_function(reference: Reference) -> Callable[..., object]:
    """The user's function behind a reference; for one defined inside a body, the body is traced to find it.

    Raises:
        LoadError: the reference leads nowhere.
        InvocationError: it leads to something that is no function.
    """
    found = load(str(reference)) if reference.body is None else _defined_in_body(reference, reference.body)
    if isinstance(found, TaskFunction):
        found = found.function
    if not callable(found):
        raise InvocationError(f"'{reference}' is not a task but {described(type(found))}", hint=_DEPLOY_AGAIN)
    return found


def _defined_in_body(reference: Reference, name: str) -> TaskFunction[..., Any]:
    found = _body(f"{reference.module}:{name}").trace().local_functions.get(reference.name)
    if found is None:
        message = f"the body of '{reference.module}:{name}' no longer calls a task '{reference.name}'"
        raise InvocationError(message, hint=_DEPLOY_AGAIN)
    return found


def _body(place: str) -> Body:
    """The body of the job that stands there, or of the function that a job of another name was made of."""
    owner = load(place)
    if isinstance(owner, HasBody):
        return owner.body
    if isinstance(owner, FunctionType):
        return Body(owner, name=owner.__name__)
    raise InvocationError(f"'{place}' is not a job but {described(type(owner))}", hint=_DEPLOY_AGAIN)


class CommittedOutputs:
    """Outputs that other processes have committed; implements `inputs.Outputs`."""

    def __init__(self, received: Received, paths: RunPaths) -> None:
        self._received = received
        self._paths = paths

    @cached_property
    def _managers(self) -> dict[str, IoManager]:
        return {key: find(spec) for key, spec in self._received.invocation.producers}

    def record(self, task: str) -> CommitRecord:
        """The commit record of an upstream task."""
        return committed(self._paths, task)

    def find(self, task: str) -> CommitRecord | None:
        """The same; None where there is none."""
        return read_record(self._paths, task)

    def manager(self, task: str) -> IoManager:
        """The manager that kept its output, set up."""
        return ready(self._managers.get(task_of(task), invoke.DEFAULT))

    def shared(self, task: str) -> object:  # noqa: ARG002  processes share nothing, whatever the task
        """Nothing: processes share no objects."""
        return inputs.UNSHARED

    def upstream(self, task: str) -> tuple[str, ...]:  # noqa: ARG002  an invocation lists what it takes
        """Nothing beyond what the invocation lists."""
        return ()

    def parameter(self, name: str) -> object:
        """The value of a job parameter, read from its text."""
        kinds = dict(self._received.invocation.parameters)
        return kinds[name].parse(name, self._received.parameter(name), load)


if __name__ == "__main__":
    main()
