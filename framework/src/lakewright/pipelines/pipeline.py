"""A function whose body describes a DAG, and what can be done with it."""

from __future__ import annotations

from functools import cached_property, update_wrapper
from typing import ClassVar, Generic, ParamSpec, TypeVar, overload

from lakewright.authoring.body import Body, refuse_inside_body
from lakewright.authoring.current import current_recorder
from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal, NoReturn, TypeAlias

    from typing_extensions import Self

    from lakewright.authoring.parts import Part
    from lakewright.authoring.tracing import Trace
    from lakewright.execution.events import Listener
    from lakewright.execution.result import RunResult
    from lakewright.io.base import IoManager
    from lakewright.model.dag import Dag
    from lakewright.model.job import JobDefinition, JobSettings
    from lakewright.model.target import TargetValues
    from lakewright.pipelines.analysis import Analysis

    ExecutorName: TypeAlias = Literal["serial", "threads", "processes"]

P = ParamSpec("P")
R = TypeVar("R")

MODES = ("local", "analyze")


class Pipeline(Generic[P, R]):
    """A DAG of tasks: run it, look at it, use it in another one. A `Job` is one that is deployed.

    Attributes:
        body: the function and what it describes.
        settings: description, tags, compute …
        config: what its decorator was given beside name and description.
        bound: values given to parameters by `bind`.
        part: what keys begin with where it is part of another pipeline.
    """

    kind: ClassVar[str] = "pipeline"

    def __init__(self, body: Body, settings: JobSettings, *, config: Mapping[str, object] | None = None) -> None:
        self.body = body
        self.settings = settings
        self.config = dict(config or {})
        self.bound: Mapping[str, object] = {}
        self.part = body.name
        update_wrapper(self, body.function)

    def __repr__(self) -> str:
        return f"<{self.kind} '{self.name}' {self.body.function.__module__}:{self.body.function.__qualname__}>"

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Inside of another body, its tasks become part of that DAG; anywhere else it is not called but run.

        Raises:
            CallError: inside of a body: it does not take these arguments.
            NestedJobError: inside of its own body.
            ParameterError: inside of a body: a value is not of its parameter's type.
            SettingError: outside of a body: a body does not hold data.
            TraceError: in a thread that a body has started.
        """
        if current_recorder.get() is not None:
            return self._as_part(args, kwargs, name=self.part, bound=self.bound)  # type: ignore[no-any-return]
        from lakewright.authoring.callsite import located
        from lakewright.authoring.threads import refuse_in_new_thread

        refuse_in_new_thread(f"{self.kind} '{self.name}'")
        message = f"{self.kind} '{self.name}' is not called; its body only describes tasks"
        hint = f"Run it: {self.body.function.__name__}.run(), or .execute() for the result of each task."
        raise located(SettingError(message, hint=hint))

    @cached_property
    def _as_part(self) -> Part:
        from lakewright.authoring.parts import Part

        return Part(self.body)

    @property
    def name(self) -> str:
        """The name: of the function, unless the decorator says otherwise."""
        return self.body.name

    @property
    def description(self) -> str:
        """What it is for: the docstring, unless the decorator says otherwise."""
        return self.settings.description

    @property
    def is_only_a_part(self) -> bool:
        """Whether no run could give it what it takes, such as a frame: only another body can."""
        from lakewright.authoring.parameters import takes_data

        return takes_data(self.body.function)

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

    def bind(self, /, **parameters: object) -> Self:
        """The same with values for some of its parameters, whatever they are called.

        Raises:
            ParameterError: no such parameter, or a value that is not of its type.
        """
        from lakewright.pipelines.arguments import check

        check(self.body, parameters)
        return self._with(bound={**self.bound, **parameters})

    def named(self, part: str) -> Self:
        """The same, the keys of its tasks beginning with `part` where it is part of another pipeline.

        Raises:
            SettingError: no key can begin so.
        """
        from lakewright.model.names import task_key_problem

        problem = task_key_problem(part)
        if problem:
            from lakewright.authoring.callsite import located

            raise located(SettingError(f"{self.kind} '{self.name}'.named(): {part!r} {problem}"))
        return self._with(part=part)

    def changed(self, change: Callable[[Trace], Trace]) -> Self:
        """The same, but for what `change` makes of its trace: how a project adds tasks to all its jobs."""
        from lakewright.authoring.changed import ChangedBody

        return self._with(body=ChangedBody(self.body, change))

    def _with(self, **changes: object) -> Self:
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__, **changes)
        return other

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
