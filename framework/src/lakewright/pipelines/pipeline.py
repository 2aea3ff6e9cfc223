"""A function whose body describes a DAG, and what can be done with it."""

from __future__ import annotations

from typing import ParamSpec, TypeVar, overload

from lakewright.authoring.body import refuse_inside_body
from lakewright.pipelines.declaration import Declaration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, NoReturn, TypeAlias

    from lakewright.execution.events import Listener
    from lakewright.execution.result import RunResult
    from lakewright.io.base import IoManager
    from lakewright.model.dag import Dag
    from lakewright.model.job import JobDefinition
    from lakewright.model.target import TargetValues
    from lakewright.pipelines.analysis import Analysis

    ExecutorName: TypeAlias = Literal["serial", "threads", "processes"]

P = ParamSpec("P")
R = TypeVar("R")

MODES = ("local", "analyze")


class Pipeline(Declaration[P, R]):
    """A DAG of tasks: run it, look at it, use it in another one. A `Job` is one that is deployed.

    >>> from lakewright import pipeline, task
    >>> @task
    ... def load(month: int) -> list[int]:
    ...     return [month, month + 1]
    >>> @task
    ... def total(numbers: list[int]) -> int:
    ...     return sum(numbers)
    >>> @pipeline
    ... def monthly(month: int = 1) -> int:
    ...     return total(load(month))
    >>> monthly.run(params={"month": 2})
    5
    >>> monthly.bind(month=3).execute()["load"]
    [3, 4]
    >>> monthly.dag.edges
    (('load', 'total'),)
    >>> monthly.analyze().method
    'static'
    >>> monthly.visualize(format="tree").splitlines()[1]
    'load ─ total'
    """

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

    def analyze(self, /, **parameters: object) -> Analysis:
        """What the DAG says: tasks, where they run, what they read and write; no task runs.

        The body is read, not run. Where its source does not tell, it is traced; `.method` says which.

        Args:
            **parameters: values for some of its parameters, whatever they are called.

        Raises:
            AuthoringError: the body does something that no DAG can say.
            ParameterError: no such parameter, or a value that is not of its type.
        """
        from lakewright.pipelines.analysis import analysed

        refuse_inside_body(self.name, "used")
        return analysed(self.body, {**self.bound, **parameters})

    @overload
    def run(
        self,
        mode: Literal["local"] = "local",
        *,
        params: Mapping[str, object] | None = None,
        executor: ExecutorName = "threads",
        max_workers: int = 4,
        cache: bool = True,
        eager: bool = False,
        **unknown: NoReturn,
    ) -> R: ...
    @overload
    def run(self, mode: Literal["analyze"], *, params: Mapping[str, object] | None = None) -> Analysis: ...
    def run(
        self,
        mode: str = "local",
        *,
        params: Mapping[str, object] | None = None,
        executor: ExecutorName = "threads",
        max_workers: int = 4,
        cache: bool = True,
        eager: bool = False,
        **unknown: NoReturn,
    ) -> R | Analysis:
        """Run the DAG on this machine; the value of the body, as data.

        Args:
            mode: `local`, or `analyze` for what `analyze()` gives.
            params: values of parameters, as Python values or text.
            executor: how tasks run: `serial`, `threads` or `processes`, as for `execute`.
            max_workers: how many tasks run side by side.
            cache: whether tasks with `cache=True` may be taken from earlier runs; False runs them all.
            eager: run the body as plain Python, its tasks as functions, one after the other: for bodies that need
                values. Nothing is kept then, and nothing can be resumed.
            **unknown: nothing: what is passed is told what was meant.

        Raises:
            TaskFailedError: a task failed.
            ParameterError: an unknown or missing parameter, or a value that does not parse.
            SettingError: an argument that there is not.
            ValueError: another mode.
        """
        if mode == "analyze":
            from lakewright.pipelines.arguments import check_arguments

            check_arguments(self.body, unknown, params=params)
            return self.analyze(**(params or {}))
        if mode not in MODES:
            message = f"Unknown mode: {mode}; modes are: {', '.join(MODES)}"
            raise ValueError(message)
        if eager and not unknown:
            from lakewright.pipelines.eager import run_eagerly

            found: R = run_eagerly(self.body, {**self.bound, **(params or {})})
            return found
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
        from lakewright.diagrams.formats import picture

        return picture(self.definition, path, format)
