"""Tracing: a body runs once with handles, and every task call on the way is recorded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from lakewright.authoring import callsite
from lakewright.authoring.binding import Binder, bound
from lakewright.authoring.call import Call
from lakewright.authoring.current import current_recorder
from lakewright.authoring.handle import Handle, ParameterHandle
from lakewright.authoring.keys import keys_of
from lakewright.authoring.threads import OPEN_TRACES
from lakewright.errors.authoring import CallError, NestedJobError, OutsideBodyError, SettingError, TraceError
from lakewright.errors.base import LakewrightError
from lakewright.model.binding import Argument
from lakewright.model.dag import Dag
from lakewright.model.reference import LOCALS
from lakewright.model.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType

    from lakewright.authoring.call import AnyTask
    from lakewright.authoring.handle import Origin
    from lakewright.model.parameter import Parameter
    from lakewright.model.task import IoSpec

E = TypeVar("E", bound=LakewrightError)


class Tracer:
    """The record of one body; implements `current.Recorder`."""

    def __init__(self, name: str, body: CodeType) -> None:
        self.name = name
        self.body = body
        self._calls: list[Call] = []
        self._binder = Binder(self)
        self._lines = callsite.LineTables()
        self._has_returned = False
        self._parts: list[tuple[str, CodeType]] = []
        self.refusal: LakewrightError | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Record the task calls of this context; what was current before is restored at the end."""
        token = current_recorder.set(self)
        try:
            with OPEN_TRACES.opened(self):
                yield
        finally:
            current_recorder.reset(token)

    @contextmanager
    def part(self, name: str, code: CodeType) -> Iterator[None]:
        """Record the calls of another body as a part of this one, for the time that it runs.

        Raises:
            NestedJobError: that body is running already.
        """
        if code is self.body or any(code is other for _, other in self._parts):
            message = f"'{name}' is called inside of its own body, so its DAG would never end"
            raise self.located(NestedJobError(message, hint="Repeat a task over a list instead of the pipeline."))
        self._parts.append((name, code))
        try:
            yield
        finally:
            self._parts.pop()

    def parameter(self, name: str) -> ParameterHandle:
        """The handle that stands for a job parameter."""
        return ParameterHandle(self, name)

    def record(self, task: AnyTask, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Handle:
        """The handle for a call of `task`; nothing runs.

        Raises:
            CallError: the task does not take these arguments.
            ConstantError: one of them cannot be recorded.
            OutsideBodyError: one of them comes from another body.
        """
        if self._parts:
            task = task.in_part("-".join(name for name, _ in self._parts))
        frame = callsite.user_frame(self.body)
        try:
            matched = task.signature.match(args, kwargs)
        except TypeError as error:
            raise callsite.located(CallError(f"task '{task.name}{task.signature}': {error}"), frame) from error
        draft, function = self._binder.draft, task.function
        arguments = [(name, draft(value, name, function), arrival) for name, value, arrival in matched]
        after = [self._waited_for(handle, task) for handle in task.waits_for] if task.waits_for else ()
        call = Call(self, task, callsite.site(frame, self.body), frame.f_code, self._lines, arguments, after)
        self._calls.append(call)
        return Handle(call)

    def _waited_for(self, handle: Handle, task: AnyTask) -> Origin:
        if handle.lw_origin.recorder is self:
            return handle.lw_origin
        message = f"task '{task.name}' is to run after the {handle!r} of another trace than that of job '{self.name}'"
        raise self.located(OutsideBodyError(message, hint="Wait only for tasks of the same job."))

    def located(self, error: E) -> E:
        """An error with the line of the body that is being traced, or with the body's own once it has returned."""
        if not self._has_returned:
            return callsite.located(error, callsite.user_frame(self.body))
        error.location = callsite.definition_location(self.body)
        return callsite.with_excerpt(error)

    def trace(self, result: object, parameters: Sequence[Parameter]) -> Trace:
        """What the body described, once it has returned `result`.

        Raises:
            AuthoringError: no DAG can say it.
        """
        if self.refusal is not None:
            self.refusal.hint += "\nThe body caught this and went on: its DAG would lack what it stopped."
            raise self.refusal
        self._has_returned = True
        returned = None if result is None else self._binder.draft(result, "")
        keys = keys_of(self._calls)
        dag = Dag(
            name=self.name,
            tasks=tuple([_task(call, keys) for call in self._calls]),
            parameters=tuple(parameters),
            result=None if returned is None else bound(returned, keys),
        )
        return Trace(
            dag=dag,
            functions={keys[call]: call.task for call in self._calls},
            local_functions=_local_functions(self._calls),
        )


@dataclass(frozen=True)
class Trace:
    """A DAG and the task functions behind its keys.

    Attributes:
        local_functions: those that are defined inside the body, by qualified name: how a worker finds them.
    """

    dag: Dag
    functions: Mapping[str, AnyTask]
    local_functions: Mapping[str, AnyTask]


def _local_functions(calls: Sequence[Call]) -> Mapping[str, AnyTask]:
    found: dict[str, Call] = {}
    for call in calls:
        name = call.task.function.__qualname__
        if LOCALS in name and found.setdefault(name, call).task.function is not call.task.function:
            message = f"two tasks that are defined inside the body have the name '{call.task.function.__name__}'"
            hint = "Define the task once, and pass what differs as an argument."
            raise callsite.with_excerpt(TraceError(message, location=call.location, hint=hint))
    return {name: call.task for name, call in found.items()}


def _task(call: Call, keys: Mapping[Origin, str]) -> Task:
    task = call.task
    arguments = tuple([Argument(name, bound(draft, keys), arrival) for name, draft, arrival in call.arguments])
    after = tuple([keys[upstream] for upstream in call.after]) if call.after else ()
    io = None if task.io is None else _io_spec(call)
    # There is one for each call: naming the fields would take a third longer.
    return Task(keys[call], task.reference, arguments, after, task.settings, io, task.description, call.location)


def _io_spec(call: Call) -> IoSpec | None:
    try:
        return call.task.io_spec
    except SettingError as error:
        error.location = call.location
        raise callsite.with_excerpt(error) from error.__cause__
