"""`@job`: a function whose body describes a DAG."""

from __future__ import annotations

from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar, overload

from lakewright.authoring.body import Body, refuse_inside_body
from lakewright.authoring.task import not_a_plain_function
from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal, NoReturn, TypeAlias

    from lakewright.execution.events import Listener
    from lakewright.execution.result import RunResult
    from lakewright.io.base import IoManager
    from lakewright.model.compute import Compute
    from lakewright.model.dag import Dag
    from lakewright.model.job import JobDefinition, JobSettings
    from lakewright.model.target import TargetValues
    from lakewright.model.trigger import Trigger

    ExecutorName: TypeAlias = Literal["serial", "threads", "processes"]

P = ParamSpec("P")
R = TypeVar("R")


class Job(Generic[P, R]):
    """A job: run it, look at it, deploy it.

    Attributes:
        body: the function and what it describes.
        name: the job's name on the platform.
        settings: schedule, compute, tags …
        bound: values given to parameters by `bind`.
    """

    def __init__(self, body: Body, settings: JobSettings, *, bound: Mapping[str, object] | None = None) -> None:
        self.body = body
        self.settings = settings
        self.bound = dict(bound or {})
        update_wrapper(self, body.function)

    def __repr__(self) -> str:
        return f"<job '{self.name}' {self.body.function.__module__}:{self.body.function.__qualname__}>"

    def __call__(self, *_args: P.args, **_kwargs: P.kwargs) -> NoReturn:
        """A job is not called like a function: its body does not hold data."""
        refuse_inside_body(self.name, "called")
        from lakewright.authoring.callsite import located

        message = f"job '{self.name}' is not called; its body only describes tasks"
        hint = f"Run it: {self.body.function.__name__}.run(), or .execute() for the result of each task."
        raise located(SettingError(message, hint=hint))

    @property
    def name(self) -> str:
        """The job's name."""
        return self.body.name

    @property
    def dag(self) -> Dag:
        """The tasks and what flows between them; the body is traced when first asked.

        Bound values are the defaults of its parameters.

        Raises:
            AuthoringError: the body does something that no DAG can say.
        """
        dag = self.body.trace().dag
        if not self.bound:
            return dag
        from lakewright.pipelines.arguments import with_defaults

        return with_defaults(dag, self.bound)

    @property
    def definition(self) -> JobDefinition:
        """All that code generation needs."""
        from lakewright.model.job import JobDefinition
        from lakewright.model.reference import Reference

        return JobDefinition(
            name=self.name,
            dag=self.dag,
            settings=self.settings,
            function=Reference.of(self.body.function),
            location=self.body.location,
        )

    def bind(self, /, **parameters: object) -> Job[P, R]:
        """This job with values for some of its parameters, whatever they are called.

        Raises:
            ParameterError: no such parameter, or a value that is not of its type.
        """
        from lakewright.pipelines.arguments import check

        check(self.body, parameters)
        return Job(self.body, self.settings, bound={**self.bound, **parameters})

    def run(
        self,
        mode: str = "local",
        *,
        params: Mapping[str, object] | None = None,
        executor: ExecutorName = "threads",
        max_workers: int = 4,
        cache: bool = True,
        **unknown: NoReturn,
    ) -> R:
        """Run the DAG on this machine; the value of the body, as data.

        Args:
            mode: `local`.
            params: values of parameters, as Python values or text.
            executor: how tasks run: `serial`, `threads` or `processes`, as for `execute`.
            max_workers: how many tasks run side by side.
            cache: whether tasks with `cache=True` may be taken from earlier runs; False runs them all.
            **unknown: nothing: what is passed is told what was meant.

        Raises:
            TaskFailedError: a task failed.
            ParameterError: an unknown or missing parameter, or a value that does not parse.
            SettingError: an argument that there is not.
            ValueError: another mode.
        """
        if mode != "local":
            message = f"Unknown mode: {mode}; modes are: local"
            raise ValueError(message)
        return self.execute(params=params, executor=executor, max_workers=max_workers, cache=cache, **unknown).value

    def execute(
        self,
        *,
        params: Mapping[str, object] | None = None,
        executor: ExecutorName = "threads",
        max_workers: int = 4,
        cache: bool = True,
        target: TargetValues | None = None,
        io: IoManager | None = None,
        listener: Listener | None = None,
        run_id: str | None = None,
        **unknown: NoReturn,
    ) -> RunResult[R]:
        """Run the DAG on this machine; the result of every task, failures included.

        Args:
            params: values of parameters, as Python values or text.
            executor: how tasks run that choose nothing else: side by side on `threads` of this process or in
                `processes`, or one after the other in the calling thread (`serial`).
            max_workers: how many tasks run side by side.
            cache: whether tasks with `cache=True` may be taken from earlier runs; False runs them all.
            target: places and names that tasks see; by default `local`.
            io: the manager of tasks that name none, such as `MemoryIo()`.
            listener: called with each `TaskEvent`.
            run_id: by default a new one.
            **unknown: nothing: what is passed is told what was meant.

        Raises:
            ParameterError: an unknown or missing parameter, or a value that does not parse.
            SettingError: an argument that there is not, or cannot be.
            StoreError: what earlier runs have made cannot be looked up.
        """
        from lakewright.pipelines.arguments import check_arguments, plan
        from lakewright.pipelines.running import run_here

        refuse_inside_body(self.name, "run")
        check_arguments(self.body, unknown, params=params, target=target, io=io)
        given = {**self.bound, **(params or {})}
        planned = plan(
            self.body,
            given,
            executor=executor,
            max_workers=max_workers,
            target=target,
            io=io,
            listener=listener,
            run_id=run_id,
        )
        return run_here(planned, self.body, cache=cache)

    def visualize(
        self,
        path: str | None = None,
        *,
        format: Literal["mermaid", "tree", "dot", "html", "json"] | None = None,  # noqa: A002  the word users know
    ) -> str:
        """A picture of the DAG as text, also written to `path` if given.

        Args:
            path: a file, whose suffix says the format where `format` does not.
            format: by default `mermaid`.
        """
        from lakewright.diagrams.formats import format_of, render

        text = render(self.definition, format or format_of(path or ""))
        if path is not None:
            from pathlib import Path

            Path(path).write_text(text, encoding="utf-8")
        return text


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
            (wheels; by default what the bundle builds), `max_concurrent_runs`, `timeout` (seconds), and `databricks`
            (any other field of the platform's job, by its own name).

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
        raise _misused("takes either a function or settings, not both")
    return _job(function, {})


def _job(function: Callable[P, R], settings: Mapping[str, Any]) -> Job[P, R]:
    from inspect import getdoc

    from lakewright.authoring.settings import job_setup

    problem = not_a_plain_function(function)
    if problem:
        raise _misused(f"goes on a function, not on {problem}")
    given = {"description": getdoc(function) or "", **settings}
    name, checked = job_setup(f"@job on '{function.__name__}'", given)
    return Job(Body(function, name=name or function.__name__), checked)


def _misused(problem: str) -> SettingError:
    from lakewright.authoring.callsite import located

    return located(SettingError(f"@job {problem}", hint='Write @job above a def, or @job(name="…") with settings.'))
