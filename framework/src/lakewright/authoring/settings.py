"""Settings that users pass by keyword: checked once, where they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final, NamedTuple

from lakewright.authoring.callsite import located
from lakewright.errors.authoring import SettingError
from lakewright.model import compute as computes
from lakewright.model import trigger as triggers
from lakewright.model.job import JobSettings
from lakewright.model.names import task_key_problem
from lakewright.model.retry import Retry
from lakewright.model.states import Rule
from lakewright.model.task import TaskSettings
from lakewright.model.values import UnencodableError, encode, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Setting(NamedTuple):
    """One setting: the field it fills, what it must be, and its value in the model (ValueError or TypeError: cannot be)."""

    field: str
    wanted: str
    convert: Callable[[object], object]


def _instance(*kinds: type) -> Callable[[object], object]:
    def convert(value: object) -> object:
        if value is not None and not isinstance(value, kinds):
            raise TypeError
        return value

    return convert


def _retry(value: object) -> Retry:
    if isinstance(value, Retry):
        return value
    if type(value) is not int:
        raise TypeError
    return Retry(value)


def _seconds(value: object) -> float | None:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        raise TypeError
    return float(seconds)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(item, str) for item in value):  # type: ignore[attr-defined]  # TypeError is meant
        raise TypeError
    return tuple(value)  # type: ignore[arg-type]  # iterated just above


def _tags(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(part, str) for item in value.items() for part in item):
        raise TypeError
    return tuple(sorted(value.items()))


def _fields(value: object) -> str:
    if not isinstance(value, dict):
        raise TypeError
    try:
        return to_text(encode(value))
    except UnencodableError as error:
        raise TypeError from error


def _count(value: object) -> int:
    if type(value) is not int or value < 1:
        raise TypeError
    return value


_COMPUTE: Final = Setting(
    "compute", "exactly one of serverless(…), job_cluster(…), existing_cluster(…)", _instance(*computes.KINDS)
)
_TIMEOUT: Final = Setting("timeout", "a number of seconds above 0, or a timedelta", _seconds)
_DATABRICKS: Final = Setting("databricks", "a dict of fields by their Databricks names, with JSON values", _fields)

TASK_SETTINGS: Final[Mapping[str, Setting]] = {
    "retries": Setting("retry", "a whole number, 0 or more, or a Retry(…)", _retry),
    "timeout": _TIMEOUT,
    "run_if": Setting("run_if", f"one of {', '.join(rule.value for rule in Rule)}", lambda value: Rule(value).value),
    "compute": _COMPUTE,
    "tags": Setting("tags", "a collection of str", _texts),
    "databricks": _DATABRICKS,
}
JOB_SETTINGS: Final[Mapping[str, Setting]] = {
    "description": Setting("description", "a str", _instance(str)),
    "schedule": Setting(
        "schedule", "one of Cron(…), Periodic(…), FileArrival(…), Continuous()", _instance(*triggers.KINDS)
    ),
    "tags": Setting("tags", "a dict of str to str", _tags),
    "compute": _COMPUTE,
    "libraries": Setting("libraries", "a collection of paths or globs of wheels", _texts),
    "max_concurrent_runs": Setting("max_concurrent_runs", "a whole number, 1 or more", _count),
    "timeout": _TIMEOUT,
    "databricks": _DATABRICKS,
}


def task_settings(
    owner: str, given: Mapping[str, object], *, base: TaskSettings | None = None, name: object = ""
) -> TaskSettings:
    """The settings of a task.

    Args:
        owner: who got them, for messages.
        given: what the user wrote; `io` is only checked here.
        base: the settings that hold where nothing is given.
        name: the task's name, checked as a key.

    Raises:
        SettingError: an unknown setting, or one whose value cannot be.
    """
    from lakewright.io.base import IoManager

    problem = task_key_problem(name) if isinstance(name, str) and name else None
    if problem or not isinstance(name, str):
        raise located(SettingError(f"{owner}: name={name!r} {problem or 'is not a str'}"))
    rest = dict(given)
    io = rest.pop("io", None)
    if io is not None and not isinstance(io, IoManager):
        raise located(SettingError.wrong(owner, "io", io, wanted="an IoManager such as FileIo(…)"))
    return replace(base or TaskSettings(), **_checked(owner, rest, TASK_SETTINGS, also=("io", "name")))


def job_settings(owner: str, given: Mapping[str, object]) -> JobSettings:
    """The settings of a job.

    Raises:
        SettingError: an unknown setting, or one whose value cannot be.
    """
    return JobSettings(**_checked(owner, given, JOB_SETTINGS, also=("name",)))


def _checked(
    owner: str, given: Mapping[str, object], table: Mapping[str, Setting], *, also: tuple[str, ...]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in table:
            raise located(SettingError.unknown(owner, name, known=(*table, *also)))
        setting = table[name]
        try:
            values[setting.field] = setting.convert(value)
        except (TypeError, ValueError) as error:
            detail = str(error) if isinstance(error, ValueError) else ""
            wanted = setting.wanted + (f" ({detail})" if detail and name == "retries" else "")
            raise located(SettingError.wrong(owner, name, value, wanted=wanted)) from error
    return values
