"""What a task tells the platform beside its output: task values that other definitions refer to.

A for-each asks its platform, not a process, what to repeat its task for, and so does a condition. Their producers
therefore set small task values of their own.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.model.binding import Output
    from lakewright.model.task import Task

What: TypeAlias = Literal["items"]


class Published(NamedTuple):
    """A task value that a task sets by itself.

    Attributes:
        what: `items`, the inputs of a for-each over the list at `path`.
        path: the way from the task's output.
    """

    name: str
    what: What
    path: tuple[str | int, ...] = ()


def published(tasks: Iterable[Task]) -> Mapping[str, tuple[Published, ...]]:
    """What tasks publish, by their keys."""
    found: dict[str, dict[tuple[What, tuple[str | int, ...]], None]] = {}
    for task in tasks:
        for output, what in _wanted(task):
            found.setdefault(output.task, {})[what, output.path] = None
    return {key: tuple(_named(wanted)) for key, wanted in found.items()}


def _wanted(task: Task) -> Iterable[tuple[Output, What]]:
    if task.loop is not None:
        yield task.loop.over, "items"


def _named(wanted: Iterable[tuple[What, tuple[str | int, ...]]]) -> Iterable[Published]:
    counts: dict[str, int] = {}
    for what, path in wanted:
        count = counts[what] = counts.get(what, 0) + 1
        yield Published(f"lw_{what}" if count == 1 else f"lw_{what}__{count}", what, path)
