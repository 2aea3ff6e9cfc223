"""A body with its name and its settings: a value that has variants, and that other bodies call."""

from __future__ import annotations

from functools import cached_property, update_wrapper
from typing import ClassVar, Generic, ParamSpec, TypeVar

from lakewright.authoring.current import current_recorder, eager
from lakewright.errors.authoring import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Self

    from lakewright.authoring.body import Body
    from lakewright.authoring.parts import Part
    from lakewright.authoring.tracing import Trace
    from lakewright.model.job import JobSettings

P = ParamSpec("P")
R = TypeVar("R")


class Declaration(Generic[P, R]):
    """What a decorator makes of a body.

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

        Where that body runs as plain Python, it runs so too, and gives data.

        Raises:
            CallError: inside of a body: it does not take these arguments.
            NestedJobError: inside of its own body.
            ParameterError: inside of a body: a value is not of its parameter's type.
            SettingError: outside of a body: a body does not hold data.
            TraceError: in a thread that a body has started.
        """
        if current_recorder.get() is not None or eager.get():
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

    def bind(self, /, **parameters: object) -> Self:
        """The same with values for some of its parameters, whatever they are called.

        Raises:
            ParameterError: no such parameter, or a value that is not of its type.
        """
        from lakewright.authoring.body import refuse_inside_body
        from lakewright.authoring.parameters import parameters_of
        from lakewright.pipelines.arguments import check

        refuse_inside_body(self.name, "used")
        check(self.body, parameters, parameters_of(self.body.function, job=self.name))
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
