"""Settings that users pass by keyword: checked once, where they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, NamedTuple

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import SettingError
from lakewright.io.base import IoManager
from lakewright.model import compute as computes
from lakewright.model import trigger as triggers
from lakewright.model.job import JobSettings
from lakewright.model.names import job_name_problem, task_key_problem
from lakewright.model.retry import Retry
from lakewright.model.states import Rule
from lakewright.model.task import DEFAULTS, EXECUTORS, PROCESSES, TaskSettings
from lakewright.model.values import is_json, to_text
from lakewright.text.suggest import close_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Literal, TypedDict

    from lakewright.model.compute import Compute

    class TaskOptions(TypedDict, total=False):
        """What a task and one call of it can be given.

        Attributes:
            retries: further attempts: a number, or `Retry(…)`.
            timeout: seconds for one attempt; None for no limit.
            executor: how a run on one machine runs it: `serial`, `threads`, `processes`; None for as the run does.
            run_if: the rule on its parents: `all_success`, `one_success`, `none_failed`, `all_done`, `one_failed`,
                `all_failed`.
            compute: where it runs; None for the job's own.
            cache: whether a run on this machine may take its output from an earlier one.
            io: the manager of its output; None for the default.
            tags: texts to select by.
            concurrency: how many iterations run side by side when it is repeated; None for the default.
            databricks: any other field of the platform's task, by its own name.
        """

        retries: int | Retry
        timeout: float | timedelta | None
        executor: Literal["serial", "threads", "processes"] | None
        run_if: str
        compute: Compute | None
        cache: bool
        io: IoManager | None
        tags: Iterable[str]
        concurrency: int | None
        databricks: Mapping[str, object]


class Setting(NamedTuple):
    """One setting: the field it fills, what it must be, and its value there.

    Attributes:
        choices: the texts that there are to choose from, for one that is misspelt.
        convert: raises TypeError or ValueError for what cannot be.
    """

    field: str
    wanted: str
    convert: Callable[[Any], object]
    choices: tuple[str, ...] = ()


def _instance(*kinds: type) -> Callable[[object], object]:
    def convert(value: object) -> object:
        if value is not None and not isinstance(value, kinds):
            raise TypeError
        return value

    return convert


def _retry(value: object) -> Retry:
    if isinstance(value, Retry):
        return value
    if type(value) is not int or value < 0:
        raise TypeError
    return Retry(value)


def _seconds(value: object) -> float | None:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < float("inf"):
        raise TypeError
    return float(seconds)


def _executor(value: object) -> object:
    if value is not None and value not in EXECUTORS:
        raise ValueError
    return value


def _texts(value: Iterable[object]) -> tuple[str, ...]:
    texts = tuple(item for item in value if isinstance(item, str))
    if isinstance(value, str) or len(texts) != len(tuple(value)):
        raise TypeError
    return texts


def _path(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def _tags(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(part, str) for item in value.items() for part in item):
        raise TypeError
    return tuple(sorted(value.items()))


def _fields_but(generated: Collection[str]) -> Callable[[object], str]:
    def convert(value: object) -> str:
        if not isinstance(value, dict) or not is_json(value) or not value.keys().isdisjoint(generated):
            raise TypeError
        return to_text(value)

    return convert


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 1:
        raise TypeError
    return value


def _count_or_none(value: object) -> int | None:
    return None if value is None else _count(value)


_COMPUTE: Final = Setting(
    "compute", "exactly one of serverless(…), job_cluster(…), existing_cluster(…)", _instance(*computes.KINDS)
)
_TIMEOUT: Final = Setting("timeout", "a number of seconds above 0, or a timedelta", _seconds)
_ELSEWHERE: Final = "a task that runs elsewhere is made by its resource: @resource.task()"
_EXECUTOR: Final = f"one of {', '.join(EXECUTORS)} ({_ELSEWHERE})"
_FIELDS: Final = "a dict of fields by their Databricks names, with JSON values, without those that are generated: "
# What the DAG says cannot be said once more.
_GENERATED_FOR_TASKS: Final = ("task_key", "depends_on", "python_wheel_task", "for_each_task")
_GENERATED_FOR_JOBS: Final = ("name", "tasks", "parameters")
_RUNS_WITH_PACKAGES: Final = 10

TASK_SETTINGS: Final[Mapping[str, Setting]] = {
    "retries": Setting("retry", "a whole number, 0 or more, or a Retry(…)", _retry),
    "timeout": _TIMEOUT,
    "executor": Setting("executor", _EXECUTOR, _executor, choices=EXECUTORS),
    "run_if": Setting(
        "run_if",
        f"one of {', '.join(rule.value for rule in Rule)}",
        lambda value: Rule(value).value,
        choices=tuple(rule.value for rule in Rule),
    ),
    "compute": _COMPUTE,
    "cache": Setting("cache", "True or False", _truth),
    "tags": Setting("tags", "a collection of str", _texts),
    "concurrency": Setting("concurrency", "a whole number, 1 or more", _count_or_none),
    "databricks": Setting("databricks", _FIELDS + ", ".join(_GENERATED_FOR_TASKS), _fields_but(_GENERATED_FOR_TASKS)),
}
JOB_SETTINGS: Final[Mapping[str, Setting]] = {
    "description": Setting("description", "a str", _instance(str)),
    "schedule": Setting(
        "schedule", "one of Cron(…), Periodic(…), FileArrival(…), Continuous()", _instance(*triggers.KINDS)
    ),
    "tags": Setting("tags", "a dict of str to str", _tags),
    "compute": _COMPUTE,
    "libraries": Setting("libraries", "a collection of paths or globs of wheels", _texts),
    "dependencies": Setting("dependencies", "the path of an archive, or '{name}' for a job parameter", _path),
    "max_concurrent_runs": Setting("max_concurrent_runs", "a whole number, 1 or more", _count),
    "timeout": _TIMEOUT,
    "databricks": Setting("databricks", _FIELDS + ", ".join(_GENERATED_FOR_JOBS), _fields_but(_GENERATED_FOR_JOBS)),
}


class TaskSetup(NamedTuple):
    """All that a task's decorator was given."""

    name: str
    settings: TaskSettings
    io: IoManager | None


def task_setup(owner: str, given: Mapping[str, Any]) -> TaskSetup:
    """What `@task(…)` was given, checked.

    Args:
        owner: who got it, for messages.
        given: what the user wrote.

    Raises:
        SettingError: an unknown setting, or one whose value cannot be.
    """
    rest = dict(given)
    name = rest.pop("name", None)
    if name is not None:
        _check_name(owner, name, task_key_problem)
    settings, io = task_options(owner, rest, base=DEFAULTS, io=None, also=("name",))
    return TaskSetup(name or "", settings, io)


def task_options(
    owner: str,
    given: Mapping[str, Any],
    *,
    base: TaskSettings,
    io: IoManager | None,
    also: tuple[str, ...] = (),
) -> tuple[TaskSettings, IoManager | None]:
    """The settings and the IO manager of a task, where nothing is given those it has.

    Raises:
        SettingError: an unknown setting, or one whose value cannot be.
    """
    rest = dict(given)
    if "compute" in rest and base.resource is not None:
        message = f"{owner} got compute=, and the task's resource says where it runs"
        raise located(SettingError(message, hint="Leave compute out, or make the task with @task."))
    chosen = rest.pop("io", io)
    if chosen is not None and not isinstance(chosen, IoManager):
        raise located(SettingError.wrong(owner, "io", chosen, wanted="an IoManager such as FileIo(…)"))
    settings = replace(base, **_checked(owner, rest, TASK_SETTINGS, also=("io", *also)))
    if settings.timeout is not None and settings.executor not in {None, PROCESSES}:
        message = f"{owner}: timeout={settings.timeout:g} and executor='{settings.executor}' do not go together"
        hint = "Only a process can be ended when its time is up: leave one of the two out."
        raise located(SettingError(message, hint=hint))
    return settings, chosen


def job_setup(owner: str, given: Mapping[str, Any]) -> tuple[str, JobSettings]:
    """The name and the settings of a job; an empty name where none is given.

    Raises:
        SettingError: an unknown setting, or one whose value cannot be.
    """
    rest = dict(given)
    name = rest.pop("name", None)
    if name is not None:
        _check_name(owner, name, job_name_problem)
    if "dependencies" in rest:
        # Each run has packages of its own: that is for runs that come as they like.
        rest.setdefault("max_concurrent_runs", _RUNS_WITH_PACKAGES)
    return name or "", JobSettings(**_checked(owner, rest, JOB_SETTINGS, also=("name",)))


def _check_name(owner: str, name: object, problem_of: Callable[[object], str | None]) -> None:
    problem = problem_of(name)
    if problem:
        raise located(SettingError(f"{owner}: name={name!r} {problem}"))


def _checked(
    owner: str, given: Mapping[str, object], table: Mapping[str, Setting], *, also: tuple[str, ...]
) -> dict[str, Any]:
    for name in given:
        if name not in table:
            raise located(_unknown(owner, name, table, known=(*table, *also)))
    return {table[name].field: _converted(owner, name, value, setting=table[name]) for name, value in given.items()}


def _unknown(owner: str, name: str, table: Mapping[str, Setting], *, known: tuple[str, ...]) -> SettingError:
    """A setting that is none here: a typo, one of another decorator, or a field of the platform's own."""
    whose, others = ("@job", JOB_SETTINGS) if table is TASK_SETTINGS else ("@task", TASK_SETTINGS)
    if name not in others and close_to(name, known):
        return SettingError.unknown(owner, name, known=known)
    meant = close_to(name, others)
    if meant:
        return SettingError.unknown(owner, name, known=(), hint=f"'{meant}' is a setting of {whose}.")
    hint = f"Other fields of Databricks' go in by their own names: databricks={{'{name}': …}}."
    return SettingError.unknown(owner, name, known=known, hint=hint)


def _converted(owner: str, name: str, value: object, *, setting: Setting) -> object:
    try:
        return setting.convert(value)
    except (TypeError, ValueError) as error:
        meant = close_to(value, setting.choices) if isinstance(value, str) else ""
        wanted = setting.wanted + (f"; did you mean '{meant}'?" if meant else "")
        raise located(SettingError.wrong(owner, name, value, wanted=wanted)) from error
