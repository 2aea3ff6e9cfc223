"""`@task`, which makes a plain function a task."""

from __future__ import annotations

from typing import ParamSpec, TypeVar, overload

from lakewright.authoring.functions import not_a_plain_function, returning
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from typing_extensions import Unpack

    from lakewright.authoring.settings import TaskOptions

P = ParamSpec("P")
R = TypeVar("R")


@overload
def task(function: Callable[P, R], /) -> TaskFunction[P, R]: ...
@overload
def task(
    *, name: str = ..., outputs: object = ..., **options: Unpack[TaskOptions]
) -> Callable[[Callable[P, R]], TaskFunction[P, R]]: ...
def task(
    function: Callable[P, R] | None = None, /, **settings: Any
) -> TaskFunction[P, R] | Callable[[Callable[P, R]], TaskFunction[P, R]]:
    """Make a function a task; the function keeps its signature.

    Args:
        function: given when the decorator is used bare.
        **settings: `name` (what keys are made of), `outputs` (the type that it returns, for a function without a return
            annotation: what calls may take apart), `retries` (a number of further attempts or a `Retry`), `timeout`
            (seconds for one attempt), `executor` (`serial`, `threads` or `processes`, for runs on one machine),
            `run_if` (the rule on its parents: `all_success`, `one_success`, `none_failed`, `all_done`, `one_failed`,
            `all_failed`), `compute`, `cache` (whether a run on this machine may take its output from an earlier one),
            `io` (the manager of its output), `tags`, `concurrency` (how many iterations run side by side when it is
            repeated), and `databricks` (any other field of the platform's task, by its own name).

    Raises:
        SettingError: a setting that does not exist, or whose value cannot be.

    >>> @task(retries=2)
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(21)
    42
    """
    if function is None:
        return lambda decorated: _task(decorated, settings)
    if settings:
        raise _misused("takes either a function or settings, not both")
    return _task(function, {})


def _task(function: Callable[P, R], settings: dict[str, Any]) -> TaskFunction[P, R]:
    problem = not_a_plain_function(function)
    if problem:
        raise _misused(f"goes on a function, not on {problem}")
    if not settings:
        return TaskFunction(function)
    from lakewright.authoring.settings import task_setup

    if "outputs" in settings:
        if "return" in function.__annotations__:
            raise _misused(f"on '{function.__name__}': outputs= and the return annotation say the same; leave one out")
        settings = dict(settings)
        function = returning(function, settings.pop("outputs"))
    setup = task_setup(f"@task on '{function.__name__}'", settings)
    return TaskFunction(function, name=setup.name, settings=setup.settings, io=setup.io)


def _misused(problem: str) -> SettingError:
    from lakewright.authoring.callsite import located

    return located(SettingError(f"@task {problem}", hint='Write @task above a def, or @task(name="…") with settings.'))
