"""What has changed between two definitions of a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from lakewright.model.described_job import described
from lakewright.model.renames import renamed_jobs, renamed_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakewright.model.described_job import DescribedJob, DescribedTask

Change: TypeAlias = Literal["added", "removed", "renamed", "changed", "same"]
# What a definition that says nothing means.
_UNLESS_SAID: Final[Mapping[str, str]] = {"retries": "0", "run_if": "ALL_SUCCESS"}
# These come and go with what needs them, which is told.
_WITH_OTHERS: Final = "type of "


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field whose text is another; None where there is none."""

    field: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChange:
    """A task that is not what it was.

    Attributes:
        was: the key it had.
        fields: what differs; of a new task, what it is.
        after: the tasks that it comes after.
    """

    task: str
    change: Change
    was: str = ""
    fields: tuple[FieldChange, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    """A job that is not what it was, or one that is.

    Attributes:
        was: the key it had in the bundle.
        size: how many tasks it has; of a removed job, had.
    """

    job: str
    change: Change
    was: str = ""
    fields: tuple[FieldChange, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What has changed of a job, and the two that were compared; keys of renamed tasks are the new ones in both."""

    change: JobChange
    before: DescribedJob | None
    after: DescribedJob | None


def compare(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> tuple[Compared, ...]:
    """The jobs of two generations of a bundle, each with what has changed; by key.

    Args:
        before: the earlier definitions, by the key of the job in its bundle.
        after: the later ones.
    """
    was = renamed_jobs(before, after)
    compared = [_compared(key, was.get(key, key), before, after=after) for key in sorted(after)]
    gone = sorted(set(before) - set(after) - set(was.values()))
    return (*compared, *(_removed(key, before[key]) for key in gone))


def _compared(
    key: str, was: str, before: Mapping[str, Mapping[str, Any]], *, after: Mapping[str, Mapping[str, Any]]
) -> Compared:
    new = described(key, after[key])
    if was not in before:
        change = JobChange(job=key, change="added", fields=_fields({}, new.fields), size=len(new.tasks))
        return Compared(change=change, before=None, after=new)
    renamed = renamed_tasks(described(was, before[was]), new)
    old = described(was, before[was], renamed)
    tasks = tuple(_tasks(old, new, {key: name for name, key in renamed.items()}))
    fields = _fields(old.fields, new.fields)
    kind: Change = "renamed" if was != key else "changed" if fields or tasks else "same"
    change = JobChange(
        job=key, change=kind, was=was if was != key else "", fields=fields, tasks=tasks, size=len(new.tasks)
    )
    return Compared(change=change, before=old, after=new)


def _removed(key: str, definition: Mapping[str, Any]) -> Compared:
    old = described(key, definition)
    return Compared(change=JobChange(job=key, change="removed", size=len(old.tasks)), before=old, after=None)


def _tasks(old: DescribedJob, new: DescribedJob, was: Mapping[str, str]) -> Iterator[TaskChange]:
    """The tasks that are not what they were: those that are there now in their order, then removed ones."""
    for task in new.tasks:
        earlier = old.task(task.key)
        if earlier is None:
            yield TaskChange(task=task.key, change="added", fields=_fields({}, task.fields), after=tuple(task.needs))
            continue
        fields = (*_fields(earlier.fields, task.fields), *_order(earlier, task))
        if fields or task.key in was:
            kind: Change = "renamed" if task.key in was else "changed"
            yield TaskChange(task=task.key, change=kind, was=was.get(task.key, ""), fields=fields)
    for task in old.tasks:
        if new.task(task.key) is None:
            yield TaskChange(task=task.key, change="removed", after=tuple(task.needs))


def _order(old: DescribedTask, new: DescribedTask) -> Iterator[FieldChange]:
    before, after = _needs(old), _needs(new)
    if before != after:
        yield FieldChange(field="after", old=before or None, new=after or None)


def _needs(task: DescribedTask) -> str:
    """The tasks before it, in any order, with the outcomes that it waits for."""
    return ", ".join(sorted(f"{key} ({outcome})" if outcome else key for key, outcome in task.needs.items()))


def _fields(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The fields whose texts differ, by name."""
    return tuple(
        FieldChange(field=name, old=before, new=after)
        for name in sorted({*old, *new})
        if (before := _said(name, old)) != (after := _said(name, new))
        and not (name.startswith(_WITH_OTHERS) and None in {before, after})
    )


def _said(name: str, fields: Mapping[str, str]) -> str | None:
    # Of what is not there at all, nothing is said either.
    return fields.get(name, _UNLESS_SAID.get(name) if fields else None)
