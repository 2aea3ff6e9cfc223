"""Which jobs and tasks have another name: what does the same in the same place, where nothing else could be meant."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from lakewright.model.described_job import DescribedJob, DescribedTask


def renamed_jobs(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The earlier key of each job that was renamed: its tasks are called as those of no other."""
    old = [key for key in before if key not in after]
    new = [key for key in after if key not in before]

    def keys(definition: Mapping[str, Any]) -> Hashable:
        return frozenset(task["task_key"] for task in definition.get("tasks", ()))

    return dict(_matched([(key, keys(after[key])) for key in new], [(key, keys(before[key])) for key in old]))


def renamed_tasks(old: DescribedJob, new: DescribedJob) -> dict[str, str]:
    """The later key of each task that was renamed.

    Tasks that came are matched with those that went: first by all that they are, then by their function, then by their
    place between the others. A match counts where it is the only one.
    """
    gone = [task for task in old.tasks if new.task(task.key) is None]
    come = [task for task in new.tasks if old.task(task.key) is None]
    found: dict[str, str] = {}
    for like in (_content, _function, _place):
        left = [(task.key, like(task, old, found)) for task in gone if task.key not in found]
        right = [(task.key, like(task, new, {})) for task in come if task.key not in found.values()]
        found.update(_matched(left, right))
    return found


def _content(task: DescribedTask, _: DescribedJob, renamed: Mapping[str, str]) -> Hashable:
    if not task.function and not task.label:
        return None
    return (task.shape, task.label, tuple(task.fields.items()), _keys(task.needs, renamed))


def _function(task: DescribedTask, _: DescribedJob, __: Mapping[str, str]) -> Hashable:
    return task.function or None


def _place(task: DescribedTask, job: DescribedJob, renamed: Mapping[str, str]) -> Hashable:
    before = _keys(task.needs, renamed)
    behind = _keys((each.key for each in job.tasks if task.key in each.needs), renamed)
    module = task.function.partition(":")[0]
    return (task.shape, module, before, behind) if before or behind else None


def _keys(keys: Iterable[str], renamed: Mapping[str, str]) -> frozenset[str]:
    return frozenset(renamed.get(key, key) for key in keys)


def _matched(left: Iterable[tuple[str, Hashable]], right: Iterable[tuple[str, Hashable]]) -> Iterator[tuple[str, str]]:
    """Pairs that look the same as no other does; what looks like None matches nothing."""
    looks: defaultdict[Hashable, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((left, right)):
        for key, look in items:
            looks[look][side].append(key)
    for look, (one, other) in looks.items():
        if look is not None and len(one) == len(other) == 1:
            yield one[0], other[0]
