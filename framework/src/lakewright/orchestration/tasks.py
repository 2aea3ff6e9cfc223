"""A task that is wired by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

from lakewright.authoring import callsite
from lakewright.authoring.binding import Binder, bound
from lakewright.authoring.handle import Handle
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import CallError, SettingError
from lakewright.errors.base import Location
from lakewright.loading.source import shown_path
from lakewright.model.binding import Argument, Results
from lakewright.model.names import task_key_problem
from lakewright.model.states import FAILURES, State
from lakewright.model.task import Task as DagTask
from lakewright.orchestration.settings import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.handle import Origin
    from lakewright.errors.base import LakewrightError
    from lakewright.model.binding import Arrival, Binding, Constant

    E = TypeVar("E", bound=LakewrightError)

_CONTEXT: Final = "context"
_SKIPPED: Final = "SKIPPED"
_WORDS: Final = {
    State.UPSTREAM_FAILED: _SKIPPED,
    State.EXCLUDED: _SKIPPED,
    **dict.fromkeys(FAILURES, State.FAILED.name),
}


class Task:
    """A function, what it is called with, and what it waits for.

    The output of another task is an argument like any other: `kwargs={"rows": extract}`. A parameter called `context`
    that is given nothing gets the results of all tasks before this one, by name; those that failed or did not run are
    absent.

    Args:
        name: unlike that of any other task of the pipeline; letters, digits, `_` and `-`.
        action: the function; one with `@lakewright.task` brings its settings along.
        args: positional arguments: constants, other tasks, and lists, tuples, dicts and dataclasses of them.
        kwargs: arguments by name.
        retries: attempts after the first; 0 unless given.
        retry_delay: seconds between attempts; 1 unless given.
        trigger_rule: when it runs, judged on its direct parents: `all_success` unless given, `one_success`,
            `none_failed`, `all_done`, `one_failed`, `all_failed`.

    Raises:
        SettingError: a name, a rule or a number that cannot be, or an action that is no function.
        CallError: the function does not take these arguments.
        ConstantError: an argument that cannot be recorded.

    Attributes:
        name: the key of its result; a task that a step has made gets it when it is added to a pipeline.
        location: the line that it is written at.

    >>> extract = Task("extract", lambda: [1, 2, 3])
    >>> total = Task("total", sum, args=(extract,))
    >>> from lakewright.orchestration import Pipeline
    >>> Pipeline("etl").add_task(extract).add_task(total).dag.edges
    (('extract', 'total'),)
    """

    def __init__(  # noqa: PLR0917  the order in which threads and timers take them too
        self,
        name: str,
        action: Callable[..., object],
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
        *,
        retries: int | None = None,
        retry_delay: float | None = None,
        trigger_rule: str | None = None,
    ) -> None:
        problem = task_key_problem(name)
        if problem:
            raise callsite.located(SettingError(f"Task: name={name!r} {problem}"))
        owner = f"Task '{name}'"
        if not hasattr(action, "__qualname__"):
            raise callsite.located(SettingError.wrong(owner, "action", action, wanted="a function"))
        function = action if isinstance(action, TaskFunction) else TaskFunction(action, name=name)
        chosen = settings(owner, function.settings, retries=retries, retry_delay=retry_delay, trigger_rule=trigger_rule)
        self.name = name
        self.wish = ""
        self._wire(function if chosen == function.settings else function.with_settings(chosen), args, kwargs or {})

    @classmethod
    def of_call(cls, step: TaskFunction[..., Any], args: Sequence[object], kwargs: Mapping[str, object]) -> Task:
        """The task that a call of a step makes; its pipeline numbers it if another one has its name."""
        made: Task = cls.__new__(cls)
        made.name = step.key or step.name
        made.wish = "" if step.key else step.name
        made._wire(step, args, kwargs)
        return made

    def _wire(self, function: TaskFunction[..., Any], args: Sequence[object], kwargs: Mapping[str, object]) -> None:
        frame = callsite.user_frame()
        self.location = Location(shown_path(frame.f_code.co_filename), frame.f_lineno)
        self.function = function
        self._state = State.PENDING
        self._value: Callable[[], object] | None = None
        self._after: dict[Task, None] = {}
        self._before: dict[Task, None] = {}
        binder = _Binder(self)
        self._arguments: list[tuple[str, Draft, Arrival]] = [
            (name, binder.draft(value, name, function.function), arrival)
            for name, value, arrival in self._matched(args, kwargs)
        ]
        self._data = binder.found
        for producer in binder.found:
            self._take_from(producer)

    def _take_from(self, producer: Task) -> None:
        producer._before[self] = None

    def _matched(self, args: Sequence[object], kwargs: Mapping[str, object]) -> Iterable[tuple[str, object, Arrival]]:
        try:
            signature = self.function.signature
        except ValueError:
            # Some functions that are written in C do not say what they take.
            return _unnamed(args, kwargs)
        context = {_CONTEXT: Results()} if signature.leaves_open(_CONTEXT, args, kwargs) else {}
        try:
            return signature.match(tuple(args), {**kwargs, **context})
        except TypeError as error:
            raise self.located(CallError(f"task '{self.name}{signature}': {error}")) from error

    def __repr__(self) -> str:
        return f"<task '{self.name}': {self.status}>"

    def __rshift__(self, other: Task) -> Task:
        """`a >> b`: b comes after a; b, so that chains can be written."""
        return self.set_downstream(other)

    def set_downstream(self, other: Task) -> Task:
        """Let another task come after this one; the other one, so that chains can be written.

        Raises:
            SettingError: it is no task.
        """
        self._check(other, "set_downstream")
        self._before[other] = None
        other._after[self] = None
        return other

    def set_upstream(self, other: Task) -> Task:
        """Let this task come after another one; this task.

        Raises:
            SettingError: it is no task.
        """
        self._check(other, "set_upstream")
        other.set_downstream(self)
        return self

    def _check(self, other: object, what: str) -> None:
        if not isinstance(other, Task):
            meant = f"; did you mean {other.name}()?" if isinstance(other, TaskFunction) else ""
            raise callsite.located(SettingError(f"task '{self.name}'.{what}() takes a Task, not {other!r}{meant}"))

    @property
    def upstream(self) -> tuple[Task, ...]:
        """The tasks whose output it takes, and those that it only comes after."""
        return tuple(dict.fromkeys((*self._data, *self._after)))

    @property
    def downstream(self) -> tuple[Task, ...]:
        """The tasks that take its output or come after it."""
        return tuple(self._before)

    @property
    def status(self) -> str:
        """How it stands in the latest run: `PENDING`, `RUNNING`, `SUCCESS`, `FAILED` or `SKIPPED`."""
        return _WORDS.get(self._state, self._state.name)

    @property
    def result(self) -> Any:  # noqa: ANN401  whatever the function returned
        """What it returned in the latest run; None if it did not succeed."""
        return self._value() if self._value else None

    def mirror(self, state: State, value: Callable[[], object] | None = None) -> None:
        """Show how it stands in a run.

        Args:
            state: that of the run.
            value: reads what it returned.
        """
        self._state, self._value = state, value

    def compiled(self, keys: Mapping[Task, str], given: tuple[tuple[str, Constant], ...] = ()) -> DagTask:
        """The task of a DAG.

        Args:
            keys: of the tasks of the pipeline.
            given: values of a run that its `context` starts with.
        """
        origins = cast("Mapping[Origin, str]", keys)
        arguments = [Argument(name, _with(bound(draft, origins), given), kind) for name, draft, kind in self._arguments]
        return DagTask(
            key=keys[self],
            function=self.function.reference,
            arguments=tuple(arguments),
            after=tuple(keys[task] for task in self._after if task not in self._data),
            settings=self.function.settings,
            io=self.function.io_spec,
            description=self.function.description,
            location=self.location,
        )

    def located(self, error: E) -> E:
        """An error with the line that the task is written at."""
        return callsite.located(error)


def _unnamed(args: Sequence[object], kwargs: Mapping[str, object]) -> Iterator[tuple[str, object, Arrival]]:
    yield from ((str(index), value, "positional") for index, value in enumerate(args))
    yield from ((name, value, "keyword") for name, value in kwargs.items())


def _with(binding: Binding, given: tuple[tuple[str, Constant], ...]) -> Binding:
    return replace(binding, given=given) if isinstance(binding, Results) and given else binding


class _Binder(Binder):
    """Knows tasks that are wired by hand.

    Attributes:
        found: those that the arguments hold.
    """

    def __init__(self, owner: Task) -> None:
        super().__init__(owner)
        self.found: dict[Task, None] = {}

    def _draft(self, value: object, argument: str, path: str, *, function: Callable[..., object] | None) -> Draft:
        if isinstance(value, Results):
            return value
        if isinstance(value, Task):
            self.found[value] = None
            # Of an origin only its identity matters: what a key is looked up by.
            return Handle(cast("Origin", value))
        return super()._draft(value, argument, path, function=function)
