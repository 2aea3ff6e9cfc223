"""Tasks: plain functions that a body can also call for their future output."""

from __future__ import annotations

import time
from functools import cached_property, update_wrapper
from typing import Any, Final, Generic, ParamSpec, TypeVar

from lakewright.authoring.current import current_recorder
from lakewright.errors.authoring import OutsideBodyError, SettingError, TraceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typing_extensions import Unpack

    from lakewright.authoring.handle import Handle
    from lakewright.authoring.settings import TaskOptions
    from lakewright.authoring.shape import Shape
    from lakewright.authoring.signature import CallSignature
    from lakewright.io.base import IoManager
    from lakewright.model.reference import Reference
    from lakewright.model.resource import Resource
    from lakewright.model.task import IoSpec, TaskSettings

P = ParamSpec("P")
R = TypeVar("R")

# Whoever writes tasks imports this first: source files that are newer may not be the code that this process runs.
LOADED: Final = time.time()


class TaskFunction(Generic[P, R]):
    """A function made a task: called inside a body it gives a handle, anywhere else it runs.

    Attributes:
        function: the user's function.
        name: what keys are made of: the function's name unless `@task(name=…)` says otherwise.
        key: the explicit key of the next call, from `named`.
        io: the manager of its output; None for the run's default.
        resource: what it is bound to by `@resource.task`; None for a plain `@task`.
        waits_for: handles given to `after`.

    >>> from lakewright import job, task
    >>> @task
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(4)
    8
    >>> @job
    ... def daily() -> int:
    ...     first = double.named("first")(1)
    ...     return double.options(retries=2).after(first)(3)
    >>> daily.dag.edges
    (('first', 'double'),)
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        name: str = "",
        settings: TaskSettings | None = None,
        io: IoManager | None = None,
    ) -> None:
        self.function = function
        self.name = name or function.__name__
        self.key = ""
        self.io = io
        self.resource: object | None = None
        self.waits_for: tuple[Handle, ...] = ()
        # What the function alone tells is told once, however often the task is named anew.
        self._first = self
        update_wrapper(self, function)
        if settings is not None:
            self.settings = settings

    def __repr__(self) -> str:
        return f"<task '{self.name}' {self.reference}>"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """A handle inside a body; anywhere else what the function returns."""
        recorder = current_recorder.get()
        if recorder is not None:
            return recorder.record(self, args, kwargs)  # type: ignore[return-value]  # a body is typed as if tasks ran
        _check_real_call(self.name, args, kwargs)
        return self.function(*args, **kwargs)

    # Defining a task must cost next to nothing: a worker defines all those of a module and runs one.

    @cached_property
    def settings(self) -> TaskSettings:
        """Retries, timeout, rule, compute and their like."""
        from lakewright.model.task import DEFAULTS

        return DEFAULTS

    @cached_property
    def signature(self) -> CallSignature:
        """What calls may pass."""
        from lakewright.authoring.signature import CallSignature

        return CallSignature(self.function)

    @cached_property
    def reference(self) -> Reference:
        """Where another process finds the function."""
        from lakewright.model.reference import Reference

        return Reference.of(self.function)

    @cached_property
    def io_spec(self) -> IoSpec | None:
        """How another process finds the task's IO manager."""
        if self.io is None:
            return None
        from lakewright.io.spec import spec_of

        return spec_of(self.io, self.function)

    @cached_property
    def description(self) -> str:
        """The first line of the docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    @property
    def returns(self) -> str:
        """The return annotation as its author wrote it; empty for none."""
        from lakewright.authoring.annotations import describe

        return describe(self.function.__annotations__.get("return"))

    @cached_property
    def shape(self) -> Shape:
        """What its output consists of, as the return annotation promises.

        Raises:
            AnnotationError: it names what the module does not have at run time.
        """
        if self._first is not self:
            return self._first.shape
        # Type hints are only resolved for outputs that someone takes apart.
        from lakewright.authoring.annotations import annotation
        from lakewright.authoring.shape import shape_of

        return shape_of(annotation(self.function, "return"))

    def named(self, key: str) -> TaskFunction[P, R]:
        """This task, its next call under an explicit key.

        Raises:
            SettingError: the key is not one that the platform takes.
        """
        from lakewright.authoring.callsite import located
        from lakewright.model.names import task_key_problem

        problem = task_key_problem(key)
        if problem:
            raise located(SettingError(f"task '{self.name}'.named(): key {key!r} {problem}"))
        return self._with(key=key)

    def after(self, *handles: object) -> TaskFunction[P, R]:
        """This task, its next call waiting for other tasks although it takes no data from them.

        Raises:
            TraceError: something that is not a task's output.
        """
        from lakewright.authoring.callsite import located
        from lakewright.authoring.current import eager
        from lakewright.authoring.handle import Handle

        if eager.get():
            # What it is to wait for has ended.
            return self
        for handle in handles:
            if not isinstance(handle, Handle):
                meant = f"; did you mean {handle.name}(…)?" if isinstance(handle, TaskFunction) else ""
                message = f"task '{self.name}'.after() takes outputs of tasks of the same body, not {handle!r}{meant}"
                raise located(TraceError(message, hint="Use it inside a @job body: task.after(other_output)(…)."))
        return self._with(waits_for=(*self.waits_for, *handles))

    def options(self, **options: Unpack[TaskOptions]) -> TaskFunction[P, R]:
        """This task with other settings for its next call; what is not given stays.

        Raises:
            SettingError: a setting that does not exist or cannot be.
        """
        from lakewright.authoring.settings import task_options

        owner = f"task '{self.name}'.options()"
        settings, io = task_options(owner, options, base=self.settings, io=self.io)
        changed = self._with(settings=settings, io=io)
        changed.__dict__.pop("io_spec", None)
        return changed

    def in_part(self, part: str) -> TaskFunction[P, R]:
        """This task as a part of a DAG calls it: the keys of several such parts are told apart."""
        return self._with(name=f"{part}-{self.key or self.name}", key="")

    def bound_to(self, resource: Resource, maker: object) -> TaskFunction[P, R]:
        """This task, bound to where it runs; what `@resource.task` makes.

        Args:
            resource: as the DAG knows it.
            maker: the object that users know it by.
        """
        from dataclasses import replace

        settings = replace(self.settings, resource=resource, compute=resource.compute)
        return self._with(settings=settings, resource=maker)

    def map(self, items: Iterable[Any], /, **others: object) -> list[R]:
        """This task, called once for each of some items.

        Over a task's output or a list parameter it becomes one task that is repeated for each element of the list; over
        a list that is known when the job is compiled, one task for each item. Outside of a body it runs.

        Args:
            items: what the first parameter gets.
            **others: what other parameters get, the same for each item.

        >>> from lakewright import task
        >>> @task
        ... def scaled(number: int, factor: int) -> int:
        ...     return number * factor
        >>> scaled.map([1, 2], factor=10)
        [10, 20]
        """
        call: Callable[..., R] = self
        return [call(item, **others) for item in items]

    def with_settings(self, settings: TaskSettings) -> TaskFunction[P, R]:
        """This task with all its settings replaced."""
        return self._with(settings=settings)

    def _with(self, **changes: object) -> TaskFunction[P, R]:
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__, **changes)
        return other


def _check_real_call(name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    """Raise if a call runs a task for real that was meant for a body."""
    from lakewright.authoring.callsite import located
    from lakewright.authoring.futures import contains_future
    from lakewright.authoring.threads import refuse_in_new_thread

    if contains_future((args, kwargs)):
        message = f"task '{name}' got a task's future output outside of the job body that made it"
        hint = "Call tasks on each other's outputs inside a @job body; outside give them data."
        raise located(OutsideBodyError(message, hint=hint))
    refuse_in_new_thread(f"task '{name}'")
