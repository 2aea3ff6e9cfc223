"""`step`: a function whose calls make tasks."""

from __future__ import annotations

from typing import Any, overload

from lakewright.authoring.callsite import located
from lakewright.authoring.current import current_recorder
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import SettingError, TraceError
from lakewright.model.names import task_key_problem
from lakewright.model.task import DEFAULTS
from lakewright.orchestration.settings import settings
from lakewright.orchestration.tasks import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Step(TaskFunction[..., Task]):
    """A function that, called, gives a `Task` with the arguments of the call; it runs when its pipeline does."""

    def __call__(self, *args: object, **kwargs: object) -> Task:
        """A task that calls the function with these arguments.

        Raises:
            CallError: the function does not take these arguments.
            ConstantError: an argument that cannot be recorded.
            TraceError: it is called in the body of a job.
        """
        recorder = current_recorder.get()
        if recorder is not None:
            message = f"step '{self.name}' makes tasks by hand, and is called in the body of job '{recorder.name}'"
            raise recorder.located(TraceError(message, hint="Write @lakewright.task on the function."))
        return Task.of_call(self, args, kwargs)


@overload
def step(function: Callable[..., object], /) -> Step: ...
@overload
def step(
    *, name: str | None = ..., retries: int = ..., retry_delay: float = ..., trigger_rule: str = ...
) -> Callable[[Callable[..., object]], Step]: ...
def step(
    function: Callable[..., object] | None = None, /, *, name: str | None = None, **given: Any
) -> Step | Callable[[Callable[..., object]], Step]:
    """Make a function a step: a call of it gives a `Task`.

    Args:
        function: given when the decorator is used bare.
        name: of its tasks; the function's unless given. A second task of that name in a pipeline is `name__2`.
        **given: `retries` (attempts after the first), `retry_delay` (seconds between attempts), `trigger_rule` (one of
            `all_success`, `one_success`, `none_failed`, `all_done`, `one_failed`, `all_failed`).

    Raises:
        SettingError: a setting that does not exist, or whose value cannot be.

    >>> @step(retries=3)
    ... def extract() -> list[int]:
    ...     return [1, 2, 3]
    >>> extract()
    <task 'extract': PENDING>
    """
    if function is None:
        return lambda decorated: _step(decorated, name, given)
    return _step(function, name, given)


def _step(function: Callable[..., object], name: str | None, given: dict[str, Any]) -> Step:
    if not hasattr(function, "__qualname__"):
        raise located(SettingError(f"@step goes on a function, not on {function!r}"))
    owner = f"@step on '{function.__name__}'"
    for each in given:
        if each not in {"retries", "retry_delay", "trigger_rule"}:
            raise located(SettingError.unknown(owner, each, known=("name", "retries", "retry_delay", "trigger_rule")))
    problem = task_key_problem(name) if name is not None else None
    if problem:
        raise located(SettingError(f"{owner}: name={name!r} {problem}"))
    chosen = settings(owner, DEFAULTS, **given)
    return Step(function, name=name or "", settings=chosen)  # type: ignore[arg-type]  # a call gives a task, not its value
