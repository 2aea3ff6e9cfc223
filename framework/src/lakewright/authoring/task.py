"""`@task`: a plain function that a body can also call for its future output."""

from __future__ import annotations

from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar, overload

from lakewright.errors.authoring import CallError, OutsideBodyError, SettingError, TraceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from inspect import Signature
    from typing import Any, NoReturn

    from lakewright.io.base import IoManager
    from lakewright.model.compute import Compute
    from lakewright.model.reference import Reference
    from lakewright.model.retry import Retry
    from lakewright.model.task import IoSpec, TaskSettings

P = ParamSpec("P")
R = TypeVar("R")


class TaskFunction(Generic[P, R]):
    """A function made a task: called inside a body it gives a handle, anywhere else it runs.

    Attributes:
        function: the user's function.
        name: what keys are made of: the function's name unless `@task(name=…)` says otherwise.
        key: the explicit key of the next call, from `named`.
        settings: retries, timeout, rule, compute …
        io: the manager of its output; None for the run's default.
        waits_for: handles given to `after`.
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
        self.settings = settings or _no_settings()
        self.io = io
        self.waits_for: tuple[Any, ...] = ()
        self._signature: Signature | None = None
        self._plain_names: tuple[str, ...] = ()
        update_wrapper(self, function)

    def __repr__(self) -> str:
        return f"<task '{self.name}' {self.reference}>"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        # Imported here because defining a task needs no tracer, and a worker defines many.
        from lakewright.authoring.tracing import current_tracer

        tracer = current_tracer()
        if tracer is not None:
            return tracer.record(self, args, kwargs)  # type: ignore[return-value]  # a body is typed as if tasks returned data
        self._check_real_call(args, kwargs)
        return self.function(*args, **kwargs)

    def _check_real_call(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
        from lakewright.authoring.binding import contains_future
        from lakewright.authoring.callsite import located
        from lakewright.authoring.running import is_task_running
        from lakewright.authoring.tracing import called_from_new_thread

        if any(contains_future(value) for value in (*args, *kwargs.values())):
            message = f"task '{self.name}' got a task's future output outside of the job body that made it"
            raise located(
                OutsideBodyError(
                    message, hint="Call tasks on each other's outputs inside a @job body; outside give them data."
                )
            )
        if called_from_new_thread() and not is_task_running():
            message = f"task '{self.name}' is called from a new thread while a job body is traced"
            raise located(
                TraceError(message, hint="Call tasks from the body's own thread: the runner makes them parallel.")
            )

    @property
    def reference(self) -> Reference:
        """Where another process finds the function."""
        from lakewright.model.reference import Reference

        return Reference(self.function.__module__, self.function.__qualname__)

    @property
    def description(self) -> str:
        """The first line of the docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    @property
    def io_spec(self) -> IoSpec | None:
        """How another process finds the task's IO manager."""
        if self.io is None:
            return None
        from lakewright.io.spec import spec_of

        return spec_of(self.io, self.function)

    def named(self, key: str) -> TaskFunction[P, R]:
        """This task, its next call under an explicit key.

        Raises:
            SettingError: the key is not one the platform takes.
        """
        from lakewright.authoring.callsite import located
        from lakewright.model.names import task_key_problem

        problem = task_key_problem(key)
        if problem:
            raise located(SettingError(f"task key '{key}' {problem}"))
        return self._with(key=key)

    def after(self, *handles: object) -> TaskFunction[P, R]:
        """This task, its next call waiting for other tasks although it takes no data from them.

        Raises:
            TraceError: something that is not a task's output.
        """
        from lakewright.authoring.callsite import located
        from lakewright.authoring.handle import Handle

        for handle in handles:
            if not isinstance(handle, Handle):
                message = f"task '{self.name}'.after() takes outputs of tasks of the same body, not {handle!r}"
                raise located(TraceError(message, hint="Use it inside a @job body: task.after(other_output)(…)."))
        return self._with(waits_for=(*self.waits_for, *handles))

    def options(
        self,
        *,
        retries: int | Retry | None = None,
        timeout: float | None = None,
        run_if: str | None = None,
        compute: Compute | None = None,
        tags: Iterable[str] | None = None,
        io: IoManager | None = None,
        databricks: Mapping[str, object] | None = None,
        **unknown: NoReturn,
    ) -> TaskFunction[P, R]:
        """This task with other settings for its next call; what is not given stays.

        Raises:
            SettingError: a setting that does not exist or cannot be.
        """
        from lakewright.authoring.settings import task_settings

        given = {
            "retries": retries,
            "timeout": timeout,
            "run_if": run_if,
            "compute": compute,
            "tags": tags,
            "databricks": databricks,
        }
        chosen = {name: value for name, value in given.items() if value is not None}
        settings = task_settings(f"task '{self.name}'.options()", {**chosen, **unknown, "io": io}, base=self.settings)
        return self._with(settings=settings, io=io or self.io)

    def _with(self, **changes: object) -> TaskFunction[P, R]:
        other: TaskFunction[P, R] = TaskFunction.__new__(TaskFunction)
        other.__dict__.update(self.__dict__, **changes)
        return other

    def match(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> list[tuple[str, object, str]]:
        """(parameter, value, kind) for each argument of a call; defaults stay with the function.

        Raises:
            CallError: the signature does not take these arguments.
        """
        if self._signature is None:
            self._inspect()
        if self._plain_names and len(args) <= len(self._plain_names):
            names = self._plain_names
            matched = dict(zip(names, args, strict=False))
            if (
                not (matched.keys() & kwargs.keys())
                and self._required <= (matched.keys() | kwargs.keys()) <= self._all_names
            ):
                matched.update(kwargs)
                return [(name, value, "keyword") for name, value in matched.items()]
        return self._match_slowly(args, kwargs)

    def _inspect(self) -> None:
        import inspect

        self._signature = inspect.signature(self.function)
        parameters = self._signature.parameters.values()
        plain = {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
        if all(parameter.kind in plain for parameter in parameters):
            ordered = [
                parameter.name for parameter in parameters if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
            ]
            self._plain_names = tuple(ordered)
        self._all_names = frozenset(parameter.name for parameter in parameters)
        self._required = frozenset(
            parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty
        )

    def _match_slowly(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> list[tuple[str, object, str]]:
        from lakewright.authoring.callsite import located
        from lakewright.authoring.matching import match

        assert self._signature is not None  # noqa: S101  match() has inspected it
        try:
            return match(self._signature, args, kwargs)
        except TypeError as error:
            message = f"task '{self.name}{self._signature}': {error}"
            raise located(CallError(message)) from error


@overload
def task(function: Callable[P, R], /) -> TaskFunction[P, R]: ...
@overload
def task(
    *,
    name: str = ...,
    retries: int | Retry = ...,
    timeout: float | None = ...,
    run_if: str = ...,
    compute: Compute | None = ...,
    io: IoManager | None = ...,
    tags: Iterable[str] = ...,
    databricks: Mapping[str, object] = ...,
) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...
def task(
    function: Callable[P, R] | None = None, /, **settings: Any
) -> TaskFunction[P, R] | Callable[[Callable[P, R]], TaskFunction[P, R]]:
    """Make a function a task; the function keeps its signature.

    Args:
        function: given when the decorator is used bare.
        **settings: `name` (what keys are made of), `retries` (a number of further attempts or a `Retry`), `timeout`
            (seconds for one attempt), `run_if` (the rule on its parents: `all_success`, `one_success`, `none_failed`,
            `all_done`, `one_failed`, `all_failed`), `compute`, `io` (the manager of its output), `tags`, and
            `databricks` (any other field of the platform's task, by its own name).

    Raises:
        SettingError: a setting that does not exist, or whose value cannot be.

    >>> @task(retries=2)
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(21)
    42
    """
    if function is not None and not callable(function):
        raise SettingError(
            f"@task takes settings by keyword: got {function!r}", hint='Write @task(name="…"), not @task("…").'
        )
    if function is not None and not settings:
        return _task(function, {})
    if function is not None:
        raise SettingError("@task takes either a function or settings, not both")
    return lambda decorated: _task(decorated, settings)


def _no_settings() -> TaskSettings:
    # Dataclasses take 8 ms to import: whoever imports `task` pays for them when the first task is defined.
    from lakewright.model.task import TaskSettings

    return TaskSettings()


def _task(function: Callable[P, R], settings: dict[str, Any]) -> TaskFunction[P, R]:
    if isinstance(function, (TaskFunction, type)) or not hasattr(function, "__qualname__"):
        raise SettingError(f"@task goes on a function, not on {function!r}")
    if not settings:
        return TaskFunction(function)
    from lakewright.authoring.settings import task_settings

    name = settings.pop("name", "")
    owner = f"@task on '{function.__name__}'"
    checked = task_settings(owner, settings, name=name)
    return TaskFunction(function, name=name, settings=checked, io=settings.get("io"))
