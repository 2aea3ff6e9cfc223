"""Tracing: a body runs once with handles, and every task call on the way is recorded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from lakewright.authoring import callsite
from lakewright.authoring.binding import Binder
from lakewright.authoring.call import Call
from lakewright.authoring.current import current_recorder
from lakewright.authoring.handle import Handle, ParameterHandle
from lakewright.authoring.keys import final_keys
from lakewright.authoring.threads import OPEN_TRACES
from lakewright.errors.authoring import CallError, OutsideBodyError, SettingError, TraceError
from lakewright.errors.base import LakewrightError
from lakewright.model.binding import Argument, Container, Output
from lakewright.model.dag import Dag
from lakewright.model.reference import LOCALS
from lakewright.model.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType

    from lakewright.authoring.call import AnyTask
    from lakewright.model.binding import Binding
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
        self._keys: set[str] = set()
        self._counts: dict[str, int] = {}
        self._lines = callsite.LineTables()
        self._has_returned = False
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
        frame = callsite.user_frame(self.body)
        try:
            matched = task.signature.match(args, kwargs)
        except TypeError as error:
            raise callsite.located(CallError(f"task '{task.name}{task.signature}': {error}"), frame) from error
        bind = self._binder.bind
        call = Call(
            recorder=self,
            key=self._provisional_key(task),
            task=task,
            site=callsite.site(frame, self.body),
            code=frame.f_code,
            lines=self._lines,
            arguments=tuple([Argument(name, bind(value, name), arrival) for name, value, arrival in matched]),
            after=tuple([self._waited_for(handle, task) for handle in task.waits_for]) if task.waits_for else (),
        )
        self._calls.append(call)
        return Handle(call)

    def _provisional_key(self, task: AnyTask) -> str:
        """A key unlike any other; mostly the final one, which is only known once all calls are."""
        wanted = task.key or task.name
        count = self._counts[wanted] = self._counts.get(wanted, 0) + 1
        key = wanted if count == 1 else f"{wanted}__{count}"
        if key in self._keys:
            # Someone named a call so; no key has this sign, and no other call this number.
            key = f"{key}#{len(self._calls)}"
        self._keys.add(key)
        return key

    def _waited_for(self, handle: Handle, task: AnyTask) -> str:
        if handle.lw_origin.recorder is self:
            return handle.lw_origin.key
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
        returned = None if result is None else self._binder.bind(result, "")
        keys = final_keys(self._calls)
        changed = {key: final for key, final in keys.items() if key != final}
        dag = Dag(
            name=self.name,
            tasks=tuple([_task(call, keys[call.key], changed) for call in self._calls]),
            parameters=tuple(parameters),
            result=_renamed(returned, changed) if returned else None,
        )
        return Trace(
            dag=dag,
            functions={keys[call.key]: call.task for call in self._calls},
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


def _task(call: Call, key: str, changed: Mapping[str, str]) -> Task:
    task = call.task
    return Task(
        key=key,
        function=task.reference,
        arguments=tuple([_argument(argument, changed) for argument in call.arguments]) if changed else call.arguments,
        after=tuple([changed.get(upstream, upstream) for upstream in call.after]) if call.after else (),
        settings=task.settings,
        io=_io_spec(call),
        description=task.description,
        location=call.location,
    )


def _io_spec(call: Call) -> IoSpec | None:
    try:
        return call.task.io_spec
    except SettingError as error:
        error.location = call.location
        raise callsite.with_excerpt(error) from error.__cause__


def _argument(argument: Argument, changed: Mapping[str, str]) -> Argument:
    binding = _renamed(argument.binding, changed)
    return argument if binding is argument.binding else Argument(argument.name, binding, argument.kind)


def _renamed(binding: Binding, changed: Mapping[str, str]) -> Binding:
    """The binding with final keys in place of provisional ones."""
    if isinstance(binding, Output):
        return Output(changed[binding.task], binding.path) if binding.task in changed else binding
    if isinstance(binding, Container):
        return replace(binding, items=tuple((name, _renamed(item, changed)) for name, item in binding.items))
    return binding
