"""Tracing: a body runs once with handles, and every task call on the way is recorded."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from lakewright.authoring import callsite
from lakewright.authoring.binding import Binder, bound
from lakewright.authoring.call import Call
from lakewright.authoring.current import current_recorder
from lakewright.authoring.described import local_functions, task_of_call
from lakewright.authoring.handle import Handle, ParameterHandle
from lakewright.authoring.keys import keys_of
from lakewright.authoring.passes import PassHandle
from lakewright.authoring.putoff import PutOff
from lakewright.authoring.threads import OPEN_TRACES
from lakewright.errors.authoring import CallError, NestedJobError, OutsideBodyError, TraceError
from lakewright.errors.base import LakewrightError
from lakewright.model.dag import Dag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import CodeType

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.call import AnyTask
    from lakewright.authoring.choices import Choices
    from lakewright.authoring.conditions import Comparison
    from lakewright.authoring.handle import Known, Origin
    from lakewright.authoring.loops import Loops
    from lakewright.authoring.merging import Path
    from lakewright.authoring.passes import Mark
    from lakewright.authoring.shape import Shape
    from lakewright.errors.base import Location
    from lakewright.model.parameter import Parameter

E = TypeVar("E", bound=LakewrightError)

# A hundred times what the platform takes as one job.
MOST_CALLS: Final = 100_000


class Tracer:
    """The record of one body; implements `current.Recorder`.

    Args:
        name: the job's name.
        body: the code that is traced.
        passes: how often a loop over a future list runs.
        given: on a path through a body that branches, the outcomes of its first conditions.
        known: values of parameters that conditions are decided by, where they are given beforehand.
    """

    def __init__(
        self,
        name: str,
        body: CodeType,
        *,
        passes: int = 2,
        given: Sequence[bool] = (),
        known: Mapping[str, object] | None = None,
    ) -> None:
        self.name = name
        self.body = body
        self._passes = passes
        self._given = given
        self._known = known or {}
        self._choices: Choices | None = None
        self._calls: list[Call] = []
        self.put_off = PutOff()
        self._binder = Binder(self, put_off=self.put_off)
        self._loops: Loops | None = None
        self._lists: dict[str, Handle] = {}
        self._where = callsite.Sites()
        self._has_returned = False
        # The bodies of parts that are running, the innermost last, each with what its keys begin with.
        self._parts: list[tuple[str, CodeType]] = []
        self._in_parts: dict[tuple[str, int], tuple[AnyTask, AnyTask]] = {}
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
        prefix = f"{self._parts[-1][0]}-{name}" if self._parts else name
        self._parts.append((prefix, code))
        try:
            yield
        finally:
            self._parts.pop()

    def parameter(self, parameter: Parameter) -> ParameterHandle:
        """The handle that stands for a job parameter."""
        return ParameterHandle(self, parameter.name, parameter.type)

    @property
    def branches(self) -> bool:
        """Whether the body has asked for what is known only when the job runs."""
        return self._choices is not None and bool(self._choices.decisions)

    def _asked(self) -> Choices:
        if self._choices is None:
            # Only bodies that branch pay for it.
            from lakewright.authoring.choices import Choices

            self._choices = Choices(self, self._binder, given=self._given, known=self._known)
        return self._choices

    def compared(self, symbol: str, handle: Known, other: object) -> object:
        """The condition that a comparison of a handle gives."""
        return self._asked().compared(symbol, handle, other)

    def truth(self, handle: Known) -> bool:
        """Whether a future value is true, on the path that is traced."""
        return self._asked().truth(handle, len(self._calls))

    def contained(self, handle: Known, item: object) -> bool:
        """Whether an item is in a future value, on the path that is traced."""
        return self._asked().contained(handle, item, len(self._calls))

    def decide(self, comparison: Comparison) -> bool:
        """The outcome of a comparison, on the path that is traced."""
        return self._asked().decide(comparison, len(self._calls))

    @property
    def loop(self) -> Location | None:
        """Where the first loop over a future list stands; None if there is none."""
        return self._loops.location if self._loops is not None else None

    def iterate(self, handle: Handle, element: Shape) -> Iterator[Handle]:
        """The element of a future list, once a pass.

        Raises:
            LoopError: the list cannot be looped over there.
        """
        if self._loops is None:
            # Only bodies that loop over outputs pay for it.
            from lakewright.authoring.loops import Loops

            self._loops = self._binder.gatherer = Loops(self, self._passes)
        return self._loops.iterate(handle, element)

    def listed(self, parameter: ParameterHandle) -> Handle:
        """The handle of a task that gives the value of a list parameter: only a task can say how long it is."""
        from lakewright.authoring.steps import listed_parameter

        name = parameter.lw_name
        if name not in self._lists:
            self._lists[name] = self.record(listed_parameter(name), (parameter,), {})
        return self._lists[name]

    def record(self, task: AnyTask, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Handle:
        """The handle for a call of `task`; nothing runs.

        Raises:
            CallError: the task does not take these arguments.
            ConstantError: one of them cannot be recorded.
            OutsideBodyError: one of them comes from another body.
        """
        inner = self.body
        if self._parts:
            prefix, inner = self._parts[-1]
            task = self._in_part(prefix, task)
        # Of nearly all calls: this, the call of the task, the body.
        caller = sys._getframe(2)  # noqa: SLF001  the documented way to a caller's frame
        frame = caller if caller.f_code is inner else callsite.user_frame(self.body)
        try:
            matched = task.signature.match(args, kwargs)
        except TypeError as error:
            raise callsite.located(CallError(f"task '{task.name}{task.signature}': {error}"), frame) from error
        draft, function = self._binder.draft, task.function
        arguments = [(name, draft(value, name, function), arrival) for name, value, arrival in matched]
        after = self._waits(task) if task.waits_for else ()
        where = self._where
        call = Call(self, task, where.site(frame, self.body), frame.f_code, where, arguments, after)
        if self._loops is not None and (mark := self._loops.mark_of(call)) is not None:
            return self._repeated(call, mark)
        self._calls.append(call)
        if len(self._calls) > MOST_CALLS:
            raise self.located(_does_not_end())
        return Handle(call)

    def _in_part(self, prefix: str, task: AnyTask) -> AnyTask:
        """A task as a part calls it; a part may call one many times."""
        known = self._in_parts.get((prefix, id(task)))
        if known is None:
            # Both are kept, so that no other task gets the same id.
            known = self._in_parts[prefix, id(task)] = (task, task.in_part(prefix))
        return known[1]

    def _repeated(self, call: Call, mark: Mark) -> Handle:
        """The handle for a call that a pass of a loop makes."""
        assert self._loops is not None  # noqa: S101  there is no mark without a loop
        first, is_new = self._loops.place(call, mark)
        if is_new:
            first.looped = mark.looped
            self._calls.append(first)
        return PassHandle(first, mark, is_element=False)

    def _waits(self, task: AnyTask) -> list[Origin]:
        return list(dict.fromkeys(self._waited_for(handle, task) for handle in task.waits_for))

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

    def returned(self, result: object) -> Draft | None:
        """What the body returned, once it has.

        Raises:
            AuthoringError: no DAG can say what it did.
        """
        if self.refusal is not None and self.refusal not in self.put_off:
            self.refusal.hint += "\nThe body caught this and went on: its DAG would lack what it stopped."
            raise self.refusal
        self._has_returned = True
        returned = None if result is None else self._binder.draft(result, "")
        if self.put_off:
            raise self.put_off.together()
        if self._loops is not None:
            self._loops.check_whole(returned)
        return returned

    def path(self, returned: Draft | None) -> Path:
        """One way through a body that branches."""
        from lakewright.authoring.merging import Path

        decisions = self._choices.decisions if self._choices is not None else []
        return Path(self._calls, decisions, returned)

    def outcomes(self) -> str:
        """The conditions that led to where the body is, in words; empty where there were none."""
        return " and ".join(map(str, self._choices.decisions)) if self._choices is not None else ""

    def trace(self, returned: Draft | None, parameters: Sequence[Parameter]) -> Trace:
        """What a body without branches described.

        Raises:
            AuthoringError: no DAG can say it.
        """
        keys = keys_of(self._calls)
        dag = Dag(
            name=self.name,
            tasks=tuple([task_of_call(call, keys) for call in self._calls]),
            parameters=tuple(parameters),
            result=None if returned is None else bound(returned, keys),
        )
        return Trace(
            dag=dag,
            functions={keys[call]: call.task for call in self._calls},
            local_functions=local_functions(self._calls),
        )


def _does_not_end() -> TraceError:
    message = f"the body calls more than {MOST_CALLS:,} tasks; does the loop around this call end?"
    hint = "Loop over something that ends, or let a task give the list: then one task is repeated for its elements."
    return TraceError(message, hint=hint)


@dataclass(frozen=True)
class Trace:
    """A DAG and the task functions behind its keys.

    Attributes:
        local_functions: those that are defined inside the body, by qualified name: how a worker finds them.
    """

    dag: Dag
    functions: Mapping[str, AnyTask]
    local_functions: Mapping[str, AnyTask]
