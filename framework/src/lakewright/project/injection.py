"""What the settings put into each job: tasks before all others, and tasks behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from lakewright.authoring.task import TaskFunction
from lakewright.errors.base import LakewrightError
from lakewright.errors.project import ProjectError
from lakewright.loading.objects import load
from lakewright.model.binding import Argument, Constant
from lakewright.model.injection import injected
from lakewright.model.task import Task
from lakewright.model.values import UnencodableError, described

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from lakewright.authoring.tracing import Trace
    from lakewright.pipelines.pipeline import Pipeline
    from lakewright.project.settings import PlacedInjection


@dataclass(frozen=True, slots=True)
class Injected:
    """A task function, and the task that it becomes in each job."""

    function: TaskFunction[..., Any]
    task: Task
    at: str


def with_injected(job: Pipeline[..., Any], found: Sequence[Injected]) -> Pipeline[..., Any]:
    """The job with the tasks that its project puts into it; the job itself stays as it is."""
    return job.changed(partial(_changed, found=found)) if found else job


def _changed(trace: Trace, found: Sequence[Injected]) -> Trace:
    return replace(
        trace,
        dag=injected(
            trace.dag,
            first=[each.task for each in found if each.at == "roots"],
            last=[each.task for each in found if each.at == "leaves"],
        ),
        functions={**trace.functions, **{each.task.key: each.function for each in found}},
    )


def find_injected(placed: PlacedInjection, find: Callable[[str], object] = load) -> Injected:
    """What a setting puts into each job.

    Args:
        placed: the setting.
        find: the object behind a reference.

    Raises:
        LoadError: there is no such task.
        ProjectError: it is no task, or does not take the arguments that it is given.
    """
    setting, place = placed.setting, placed.place
    try:
        function = find(setting.task)
        if not isinstance(function, TaskFunction):
            raise ProjectError(
                f"[tool.lakewright] injects '{setting.task}', which is no task but {described(type(function))}",
                hint="Put @task above it.",
            )
        task = Task(
            key=setting.key or function.name,
            function=function.reference,
            arguments=_arguments(function, setting.arguments),
            settings=function.settings,
            io=function.io_spec,
            description=function.description,
            location=place,
        )
    except LakewrightError as error:
        error.location = error.location or place
        raise
    return Injected(function, task, setting.at)


def _arguments(function: TaskFunction[..., Any], given: Mapping[str, object]) -> tuple[Argument, ...]:
    try:
        matched = function.signature.match((), given)
        return tuple(Argument(name, Constant.of(value), arrival) for name, value, arrival in matched)
    except (TypeError, UnencodableError) as error:
        message = f"[tool.lakewright] injects the task '{function.name}{function.signature}': {error}"
        raise ProjectError(message, hint="Its arguments are those that the setting gives.") from error
