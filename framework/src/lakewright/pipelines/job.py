"""`@job`: a pipeline that is deployed."""

from __future__ import annotations

from typing import ClassVar, Generic, ParamSpec, TypeVar, overload

from lakewright.pipelines.declaring import described, misused
from lakewright.pipelines.pipeline import Pipeline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from lakewright.authoring.task import TaskFunction
    from lakewright.model.compute import Compute
    from lakewright.model.trigger import Trigger

P = ParamSpec("P")
R = TypeVar("R")


class Job(Pipeline[P, R], Generic[P, R]):
    """A pipeline that is deployed as one Databricks job.

    >>> from lakewright import Cron, job, task
    >>> @task
    ... def load(month: int) -> list[int]:
    ...     return [month]
    >>> @job(schedule=Cron("0 6 * * *"), tags={"team": "ops"})
    ... def daily(month: int = 1) -> list[int]:
    ...     return load(month)
    >>> daily.run(params={"month": 2})
    [2]
    >>> daily.settings.schedule
    Cron(expression='0 6 * * *', timezone='UTC', paused=False)
    """

    kind: ClassVar[str] = "job"

    @property
    def as_task(self) -> TaskFunction[P, None]:
        """The whole job as one task of another one: a run of its own, whose end is waited for.

        In a body `daily.as_task(month=2)` stands among tasks, and takes `after`, `named` and `options` as they do. On
        Databricks it is a run-job task, so its arguments are constants and parameters; it has no output.

        Raises:
            NestedJobError: its own body asks.
            SettingError: values are bound, which the process of a task does not know.
        """
        from lakewright.pipelines.starting import starter

        if self.bound:
            from lakewright.authoring.callsite import located
            from lakewright.errors.authoring import SettingError

            message = f"job '{self.name}' has bound values, which the process of a task does not know"
            raise located(SettingError(message, hint="Give them in the call: job.as_task(name=value)."))
        return starter(self.body.function, self.start, name=self.name)

    def start(self, /, **parameters: object) -> None:
        """Run it as a task does: on the target of the calling task, failures raised.

        Raises:
            TaskFailedError: a task of it failed.
            ParameterError: an unknown or missing parameter, or a value that is not of its type.
        """
        from lakewright.execution.context import context

        self.execute(params=parameters, target=context().target_values).raise_for_status()


@overload
def job(function: Callable[P, R], /) -> Job[P, R]: ...
@overload
def job(
    *,
    name: str | None = ...,
    description: str = ...,
    schedule: Trigger | None = ...,
    tags: Mapping[str, str] = ...,
    compute: Compute | None = ...,
    libraries: Iterable[str] = ...,
    dependencies: str = ...,
    max_concurrent_runs: int = ...,
    timeout: float | None = ...,
    databricks: Mapping[str, object] = ...,
) -> Callable[[Callable[P, R]], Job[P, R]]: ...
def job(
    function: Callable[P, R] | None = None, /, **settings: Any
) -> Job[P, R] | Callable[[Callable[P, R]], Job[P, R]]:
    """Make a function a job; its body describes tasks and its parameters are the job's.

    Args:
        function: given when the decorator is used bare.
        **settings: `name` (by default the function's), `description` (by default the docstring), `schedule` (`Cron`,
            `Periodic` …), `tags`, `compute` (`serverless()`, `job_cluster()`, `existing_cluster()`), `libraries`
            (wheels; by default what the bundle builds), `dependencies` (the path of an archive that each run makes
            further packages of, or `"{name}"` for the parameter that holds it), `max_concurrent_runs`, `timeout`
            (seconds), and `databricks` (any other field of the platform's job, by its own name).

    Raises:
        SettingError: a setting that does not exist, or whose value cannot be.

    >>> from lakewright import task
    >>> @task
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> @job
    ... def doubling(number: int = 21) -> int:
    ...     return double(number)
    >>> doubling.execute(params={"number": 4})["double"]
    8
    """
    if function is None:
        return lambda decorated: _job(decorated, settings)
    if settings:
        raise misused("job", "takes either a function or settings, not both")
    return _job(function, {})


def _job(function: Callable[P, R], settings: Mapping[str, Any]) -> Job[P, R]:
    body, checked = described("job", function, settings)
    return Job(body, checked, config=settings)
