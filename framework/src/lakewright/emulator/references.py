"""`{{…}}`: what the platform fills in when it starts a task, as text, once, without looking at the result again.

Source: Databricks, "What is a dynamic value reference?". What it does not know it leaves as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from lakewright.errors.running import RunError
from lakewright.model.comparison import text_of
from lakewright.model.states import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    Read = Callable[["Scope", Sequence[str]], object]

_REFERENCE: Final = re.compile(r"\{\{([^{}]+)\}\}")
# A name with other characters than these stands between backticks. Blanks belong nowhere.
_NAME: Final = r"(?:[A-Za-z0-9_]+|`[^`]+`)"
_PATH: Final = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_ANY: Final = "*"

Kind: TypeAlias = Literal["known", "refused", "literal"]


class MissingValueError(RunError):
    """A reference to something that a task should have left and did not."""


class TaskStatus(NamedTuple):
    """How a task has ended."""

    state: State
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What references stand for at one moment of a run.

    Attributes:
        statuses: of every task of the job; None while it has not ended.
        value: a task value, or `MissingValueError`.
        task: the task that is to start; empty for the job's own parameters.
        item: the element of a for-each, in a tuple.
    """

    job: str
    run_id: str
    started: datetime
    parameters: Mapping[str, str]
    statuses: Mapping[str, TaskStatus | None]
    value: Callable[[str, str], object]
    task: str = ""
    attempt: int = 1
    item: tuple[object, ...] = ()


class _Unknown(Exception):  # noqa: N818  not an error: the reference stays as it is
    """The reference means nothing in this scope."""


def resolve(text: str, scope: Scope, show: Callable[[object], str] = text_of) -> str:
    """The text with every reference that means something in the scope replaced.

    Args:
        text: what a definition holds.
        scope: what references stand for.
        show: a value as text.

    Raises:
        MissingValueError: it refers to a task value that no task has set, or to a task that has not ended.
    """

    def filled(found: re.Match[str]) -> str:
        row, names = _find(found[1])
        if row is None or row.read is None:
            return found[0]
        try:
            return show(row.read(scope, names))
        except _Unknown:
            return found[0]

    return _REFERENCE.sub(filled, text)


class Names(NamedTuple):
    """What references in one place of a definition may name."""

    parameters: Collection[str]
    tasks: Collection[str]
    has_item: bool = False


def kinds(text: str, names: Names) -> Iterator[tuple[str, Kind]]:
    """Each reference of a text: `known`, `refused` (only the platform knows it), or `literal` (means nothing)."""
    for found in _REFERENCE.finditer(text):
        row, given = _find(found[1])
        if row is None or not _named(row.pattern, given, names):
            yield found[0], "literal"
        else:
            yield found[0], "known" if row.read else "refused"


def _named(pattern: Sequence[str], given: Sequence[str], names: Names) -> bool:
    if pattern[0] == "input":
        return names.has_item
    if pattern[0] == "tasks":
        return given[0] in names.tasks
    return given[0] in names.parameters if pattern[:2] == ("job", "parameters") else True


def _find(inner: str) -> tuple[_Row | None, tuple[str, ...]]:
    """The row for what stands between the braces, and the names in the places of its wildcards."""
    if not _PATH.fullmatch(inner):
        return None, ()
    path = tuple(name.strip("`") for name in re.findall(_NAME, inner))
    for row in _ROWS:
        if len(row.pattern) == len(path) and all(
            want in {_ANY, name} for want, name in zip(row.pattern, path, strict=True)
        ):
            return row, tuple(name for want, name in zip(row.pattern, path, strict=True) if want == _ANY)
    return None, ()


class _Row(NamedTuple):
    """A reference of the platform; without `read` it has no meaning outside of it."""

    pattern: tuple[str, ...]
    read: Read | None = None


def _parameter(scope: Scope, names: Sequence[str]) -> object:
    if names[0] not in scope.parameters:
        raise _Unknown
    return scope.parameters[names[0]]


def _item(scope: Scope, names: Sequence[str]) -> object:
    if not scope.item:
        raise _Unknown
    item = scope.item[0]
    if not names:
        return item
    if not isinstance(item, dict) or names[0] not in item:
        raise _Unknown
    return item[names[0]]


def _task_value(scope: Scope, names: Sequence[str]) -> object:
    if names[0] not in scope.statuses:
        raise _Unknown
    return scope.value(names[0], names[1])


def _status(scope: Scope, key: str) -> TaskStatus:
    if key not in scope.statuses:
        raise _Unknown
    status = scope.statuses[key]
    if status is None:
        raise MissingValueError(f"task '{key}' has not ended", hint="Let this task depend on it.")
    return status


_RESULT_STATES: Final[Mapping[State, str]] = {
    State.SUCCESS: "success",
    State.FAILED: "failed",
    State.TIMED_OUT: "timedout",
    State.CANCELLED: "canceled",
    State.UPSTREAM_FAILED: "upstream_failed",
    State.EXCLUDED: "excluded",
}

_ROWS: Final = (
    _Row(("job", "name"), lambda scope, _: scope.job),
    _Row(("job", "run_id"), lambda scope, _: scope.run_id),
    _Row(("job", "repair_count"), lambda _scope, _: 0),
    _Row(("job", "start_time", "iso_date"), lambda scope, _: scope.started.date().isoformat()),
    _Row(("job", "parameters", _ANY), _parameter),
    _Row(("task", "name"), lambda scope, _: scope.task),
    _Row(("task", "execution_count"), lambda scope, _: scope.attempt),
    _Row(("tasks", _ANY, "values", _ANY), _task_value),
    _Row(("tasks", _ANY, "result_state"), lambda scope, names: _RESULT_STATES[_status(scope, names[0]).state]),
    _Row(("tasks", _ANY, "execution_count"), lambda scope, names: _status(scope, names[0]).attempts),
    _Row(("input",), _item),
    _Row(("input", _ANY), _item),
    _Row(("job", "id")),
    _Row(("job", "start_time", _ANY)),
    _Row(("job", "trigger", _ANY)),
    _Row(("job", "trigger", _ANY, _ANY)),
    _Row(("task", "run_id")),
    _Row(("task", "notebook_path")),
    _Row(("tasks", _ANY, "run_id")),
    _Row(("tasks", _ANY, "error_code")),
    _Row(("workspace", _ANY)),
    # The names from before references had dots.
    *(
        _Row((name,))
        for name in ("job_id", "run_id", "parent_run_id", "start_date", "start_time", "task_key", "task_retry_count")
    ),
)
