"""A body whose runs make packages of an archive: tasks before, behind and around its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lakewright.authoring.callsite import located
from lakewright.authoring.changed import ChangedBody
from lakewright.authoring.steps import compared
from lakewright.authoring.task import TaskFunction
from lakewright.errors.authoring import SettingError
from lakewright.execution.provision.tasks import (
    ARCHIVE,
    BASE,
    CLEANUP,
    CLEANUP_ENABLED,
    PROCESS,
    cleanup_deps,
    process_deps,
)
from lakewright.model.binding import Argument, Constant, ParameterValue
from lakewright.model.comparison import EQUAL
from lakewright.model.parameter import Parameter, ParameterType
from lakewright.model.reference import Reference
from lakewright.model.states import Rule
from lakewright.model.task import DEFAULTS, PROCESSES, Task
from lakewright.text.suggest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lakewright.authoring.body import Body
    from lakewright.authoring.tracing import Trace
    from lakewright.errors.base import Location
    from lakewright.model.dag import Dag

STATUS: Final = "job_status"
# Source: the job definitions of which this is the successor, in seconds.
_PROCESS_TIMEOUT: Final = 1800.0
_CLEANUP_TIMEOUT: Final = 600.0
_FRAMEWORK: Final = "lakewright."
# A task of such a rule may be excluded, or would be judged otherwise with one more parent that succeeds.
_EXCLUDING: Final = frozenset([Rule.ONE_FAILED.value, Rule.ONE_SUCCESS.value, Rule.ALL_FAILED.value])
_TEXT: Final = ParameterType(kind="str")


class DependingBody(ChangedBody):
    """The same function, its tasks between one that makes their packages and one that removes them.

    Args:
        body: what is traced.
        archive: the path of the archive, or `{name}` for the parameter that holds it.
    """

    def __init__(self, body: Body, archive: str) -> None:
        super().__init__(body, lambda trace: with_packages(trace, archive, location=body.location))

    def check_plain(self) -> None:
        """Raise: a function alone has no packages.

        Raises:
            SettingError: always.
        """
        message = f"'{self.name}' has dependencies=, which only a run of its own can make"
        raise located(SettingError(message, hint="Run it as a whole: .run(), or .as_task() in another job."))


def with_packages(trace: Trace, archive: str, *, location: Location) -> Trace:
    """A trace with the tasks that make packages, hand them on, and remove them.

    Raises:
        DuplicateKeyError: the body has a task of one of their keys.
        SettingError: there is no such parameter, or a task that cannot run in a process of its own.
    """
    dag = trace.dag
    if not dag.tasks:
        return trace
    source, parameters = _parameters(dag.parameters, archive, location)
    waiting = _waiting(dag)
    own = tuple(_with_packages(task, waits=task.key in waiting) for task in dag.tasks)
    process = _task(PROCESS, process_deps, {ARCHIVE: source, BASE: BASE}, location=location)
    cleanup = _task(CLEANUP, cleanup_deps, {BASE: BASE, CLEANUP_ENABLED: CLEANUP_ENABLED}, location=location)
    first = replace(process, settings=replace(DEFAULTS, timeout=_PROCESS_TIMEOUT))
    last = replace(
        cleanup,
        # Where all others are excluded, the first one still lets it run.
        after=(*dag.leaves, PROCESS),
        settings=replace(DEFAULTS, timeout=_CLEANUP_TIMEOUT, run_if=Rule.ALL_DONE.value),
    )
    added = {PROCESS: process_deps, CLEANUP: cleanup_deps, STATUS: compared}
    return replace(
        trace,
        dag=replace(dag, tasks=(first, *own, last, _status(dag.leaves, location)), parameters=parameters),
        functions={**trace.functions, **{key: TaskFunction(function, name=key) for key, function in added.items()}},
    )


def _task(key: str, function: Callable[..., object], given: Mapping[str, str], *, location: Location) -> Task:
    """A task of ours; each of its arguments is the value of a parameter of the job."""
    arguments = tuple(Argument(name, ParameterValue(parameter)) for name, parameter in given.items())
    return Task(
        key=key,
        function=Reference.of(function),
        arguments=arguments,
        description=(function.__doc__ or "").partition("\n")[0],
        location=location,
    )


def _status(leaves: Sequence[str], location: Location) -> Task:
    """A gate that fails with the body's own last tasks.

    The platform judges a run by its leaf tasks alone, and the task that removes the packages succeeds after a failure.
    """
    one = Constant("1")
    return Task(
        key=STATUS,
        function=Reference.of(compared),
        arguments=(Argument("left", one), Argument("right", one)),
        after=tuple(leaves),
        settings=replace(DEFAULTS, run_if=Rule.NONE_FAILED.value),
        description="Fails if one of the job's own last tasks did.",
        location=location,
        operator=EQUAL,
    )


def _waiting(dag: Dag) -> set[str]:
    """The tasks of a body that wait for the packages themselves, not only by way of those before them.

    The first ones do. An alert on failures of its parents is one on failures to make the packages, too: they then do
    not run. Others wait as well, because where a run is repaired those before them have ended already. But a task whose
    parents may all be excluded is excluded with them, which it would not be with one more parent that succeeds.
    """
    may_be_excluded: set[str] = set()
    for key in dag.topological_sort():
        task = dag.task(key)
        if task.when or task.settings.run_if in _EXCLUDING or not may_be_excluded.isdisjoint(dag.upstream(key)):
            may_be_excluded.add(key)
    alerts = {task.key for task in dag.tasks if task.settings.run_if == Rule.ONE_FAILED.value}
    behind = {task.key for task in dag.tasks if _has_own_code(task) and task.key not in may_be_excluded}
    return {*dag.roots, *alerts, *behind}


def _has_own_code(task: Task) -> bool:
    """Whether it runs a function of the user's."""
    return not (task.operator or task.settings.starts or task.function.module.startswith(_FRAMEWORK))


def _with_packages(task: Task, *, waits: bool) -> Task:
    """A task of the body: if it runs code of its own, it runs with the packages."""
    waiting = replace(task, after=(*task.after, PROCESS)) if waits else task
    if not _has_own_code(task):
        return waiting
    if task.settings.executor not in {None, PROCESSES}:
        chosen = f"executor='{task.settings.executor}'"
        message = f"task '{task.key}': {chosen} and the dependencies= of its job do not go together"
        hint = "Packages of one run can only be had in a process of its own: leave one of the two out."
        raise SettingError(message, location=task.location, hint=hint)
    # What the cache compares does not include them.
    settings = replace(task.settings, executor=PROCESSES, cache=False)
    return replace(waiting, settings=settings, packages_from=PROCESS)


def _parameters(own: Sequence[Parameter], archive: str, location: Location) -> tuple[str, tuple[Parameter, ...]]:
    """The name of the parameter that holds the archive's path, and all parameters of the job."""
    known = {parameter.name: parameter for parameter in own}
    named = archive[1:-1] if archive.startswith("{") and archive.endswith("}") else ""
    if named and named not in known:
        message = f"dependencies={archive!r} names no parameter of the job{did_you_mean(named, known)}"
        raise SettingError(message, location=location, hint="Add it to the body: its value is a path.")
    source = named or ARCHIVE
    defaults = {BASE: "", CLEANUP_ENABLED: "true", **({} if named else {ARCHIVE: archive})}
    for name in (source, *defaults):
        if name in known and known[name].type != _TEXT:
            message = f"parameter '{name}' of a job with dependencies= holds text, not {known[name].type}"
            raise SettingError(message, location=location, hint=f"Annotate it so: {name}: str.")
    return source, (*own, *_added(defaults, known))


def _added(defaults: Mapping[str, str], known: Mapping[str, Parameter]) -> Iterator[Parameter]:
    for name, default in defaults.items():
        if name not in known:
            yield Parameter(name=name, type=_TEXT, default=default)
