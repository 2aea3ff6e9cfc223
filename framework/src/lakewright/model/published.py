"""What a task tells the platform beside its output: task values that other definitions refer to.

A for-each asks its platform, not a process, what to repeat its task for, and so does a condition. Their producers
therefore set small task values of their own.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from lakewright.model.binding import Output
from lakewright.model.comparison import EQUAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.model.task import Task

What: TypeAlias = Literal["items", "truth", "number"]


class Published(NamedTuple):
    """A task value that a task sets by itself.

    Attributes:
        what: of what is at `path`: `items`, the inputs of a for-each over the list; `truth`, the boolean; `number`.
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
    if task.operator:
        compared = [argument.binding for argument in task.arguments]
        yield from ((each, what_of(task.operator)) for each in compared if isinstance(each, Output))


def what_of(operator: str) -> What:
    """What a condition asks of an output: texts are only compared with the outcome of a truth test."""
    return "truth" if operator == EQUAL else "number"


def _named(wanted: Iterable[tuple[What, tuple[str | int, ...]]]) -> Iterable[Published]:
    counts: dict[str, int] = {}
    for what, path in wanted:
        count = counts[what] = counts.get(what, 0) + 1
        yield Published(f"lw_{what}" if count == 1 else f"lw_{what}__{count}", what, path)
