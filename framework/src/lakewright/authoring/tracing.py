"""Tracing: a body runs once with handles, and every task call on the way is recorded."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property

from lakewright.authoring import callsite
from lakewright.authoring.binding import bind
from lakewright.authoring.handle import Handle, ParameterHandle
from lakewright.authoring.keys import final_keys
from lakewright.errors.authoring import OutsideBodyError
from lakewright.model.binding import Argument, Container, Output
from lakewright.model.dag import Dag
from lakewright.model.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType, FrameType, TracebackType

    from lakewright.authoring.callsite import Site
    from lakewright.authoring.task import TaskFunction
    from lakewright.errors.base import Location
    from lakewright.model.binding import Binding
    from lakewright.model.parameter import Parameter

_current: ContextVar[Tracer | None] = ContextVar("lakewright_tracer", default=None)


class _OpenTraces:
    """How many traces are open in this process, and which threads were there before them.

    A thread has a context of its own, so a task that a body calls from a new thread would run for real and its edge
    would be lost. This is the one thing that only the process as a whole can know.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: dict[int, frozenset[int]] = {}

    def open(self, tracer: Tracer) -> None:
        alive = frozenset(thread.ident for thread in threading.enumerate() if thread.ident)
        with self._lock:
            self._threads[id(tracer)] = alive

    def close(self, tracer: Tracer) -> None:
        with self._lock:
            del self._threads[id(tracer)]

    def is_new_thread(self) -> bool:
        """Whether the calling thread came into being while a trace was open."""
        if not self._threads:
            return False
        with self._lock:
            return any(threading.get_ident() not in alive for alive in self._threads.values())


_open = _OpenTraces()


def current_tracer() -> Tracer | None:
    """The tracer of the body that is being traced in this context, or None."""
    return _current.get()


def called_from_new_thread() -> bool:
    """Whether a body that is being traced may have started the calling thread."""
    return _open.is_new_thread()


class Call:
    """One recorded call of a task."""

    __slots__ = ("after", "arguments", "explicit_key", "frame_place", "key", "name", "site", "task", "tracer")

    def __init__(self, tracer: Tracer, task: TaskFunction[..., object], frame: FrameType) -> None:
        self.tracer = tracer
        self.task = task
        self.name = task.name
        self.explicit_key = task.key
        self.key = f"{task.name}#{len(tracer.calls)}"
        self.site: Site = callsite.site(frame, tracer.body)
        self.frame_place = (frame.f_code.co_filename, frame.f_lineno)
        self.arguments: tuple[Argument, ...] = ()
        self.after: tuple[str, ...] = ()

    @property
    def location(self) -> Location:
        """The line of the call."""
        return self.tracer.location(*self.frame_place)


class Tracer:
    """The record of one body, current within `with`, the one before it restored on exit."""

    def __init__(self, name: str, body: CodeType) -> None:
        self.name = name
        self.body = body
        self.calls: list[Call] = []
        self._shown: dict[str, str] = {}
        self._outer: Tracer | None = None

    def __enter__(self) -> Tracer:
        self._outer = _current.get()
        _current.set(self)
        _open.open(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _open.close(self)
        _current.set(self._outer)

    def location(self, file: str, line: int) -> Location:
        """A line of a file, shown relative to the working directory."""
        if file not in self._shown:
            self._shown[file] = callsite.shown_path(file)
        return callsite.Location(self._shown[file], line)

    def parameter(self, name: str) -> ParameterHandle:
        """The handle that stands for a job parameter."""
        return ParameterHandle(self, name)

    def record(self, task: TaskFunction[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> Handle:
        """The handle for a call of `task`; nothing runs."""
        call = Call(self, task, callsite.user_frame())
        call.arguments = tuple(
            Argument(name, bind(value, self, name), kind) for name, value, kind in task.match(args, kwargs)
        )
        call.after = tuple(self._wait_key(handle, task) for handle in task.waits_for)
        self.calls.append(call)
        return Handle(call)

    def _wait_key(self, handle: Handle, task: TaskFunction[..., object]) -> str:
        if handle.lw_call.tracer is not self:
            message = f"task '{task.name}' is to run after {handle!r}, made by another trace than this one"
            raise callsite.located(OutsideBodyError(message, hint="Wait only for tasks of the same job."))
        return handle.lw_call.key

    def trace(self, result: object, parameters: Sequence[Parameter]) -> Trace:
        """What the body described, once it has returned `result`."""
        returned = bind(result, self, "return") if result is not None else None
        keys = final_keys(self.calls)
        tasks = tuple(_task(call, keys) for call in self.calls)
        dag = Dag(
            name=self.name,
            tasks=tasks,
            parameters=tuple(parameters),
            result=_renamed(returned, keys) if returned else None,
        )
        return Trace(dag=dag, functions={keys[call.key]: call.task for call in self.calls})


@dataclass(frozen=True)
class Trace:
    """A DAG and the task functions behind its keys."""

    dag: Dag
    functions: Mapping[str, TaskFunction[..., object]]

    @cached_property
    def local_functions(self) -> Mapping[str, TaskFunction[..., object]]:
        """Task functions by their qualified name: how a worker finds one that is defined inside the body."""
        return {function.function.__qualname__: function for function in self.functions.values()}


def _task(call: Call, keys: Mapping[str, str]) -> Task:
    task = call.task
    return Task(
        key=keys[call.key],
        function=task.reference,
        arguments=tuple(Argument(arg.name, _renamed(arg.binding, keys), arg.kind) for arg in call.arguments),
        after=tuple(keys[key] for key in call.after),
        settings=task.settings,
        io=task.io_spec,
        description=task.description,
        location=call.location,
    )


def _renamed(binding: Binding, keys: Mapping[str, str]) -> Binding:
    """The binding with final keys in place of provisional ones."""
    if isinstance(binding, Output):
        return Output(keys[binding.task], binding.path)
    if isinstance(binding, Container):
        return replace(binding, items=tuple((name, _renamed(item, keys)) for name, item in binding.items))
    return binding
