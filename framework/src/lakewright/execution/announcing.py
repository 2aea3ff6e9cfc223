"""Task values that a task sets about its own output, because the platform will ask for them."""

from __future__ import annotations

from math import isfinite
from typing import Final

from lakewright.errors.running import OutputError
from lakewright.execution.values import put_task_value
from lakewright.io.stored import inside
from lakewright.model.loop import inputs, spans
from lakewright.model.values import described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lakewright.model.published import Published, What


def announcements(task: str, value: object, published: Iterable[Published]) -> Mapping[str, object]:
    """The task values that an output calls for.

    Raises:
        OutputError: the output is not what its annotation promised, so that they cannot be.
    """
    return {each.name: _ANNOUNCED[each.what](task, inside(value, each.path, task=task)) for each in published}


def _items(task: str, value: object) -> object:
    return inputs(spans(length_of(task, value)))


def _truth(task: str, value: object) -> object:
    if not isinstance(value, bool):
        raise OutputError(
            f"the job branches on the output of task '{task}', and it is {described(type(value))}",
            hint="Return True or False, as the annotation of the task promises.",
        )
    return value


def _number(task: str, value: object) -> object:
    if type(value) not in {int, float} or not isfinite(value):  # type: ignore[arg-type]  # a number by then
        raise OutputError(
            f"the job compares the output of task '{task}' with a number, and it is {value!r}",
            hint="Return a number, as the annotation of the task promises.",
        )
    return value


_ANNOUNCED: Final[Mapping[What, Callable[[str, object], object]]] = {
    "items": _items,
    "truth": _truth,
    "number": _number,
}


def length_of(task: str, value: object) -> int:
    """How many elements a value has that is looped over.

    Raises:
        OutputError: it is no list.
    """
    if not isinstance(value, (list, tuple)):
        raise OutputError(
            f"the output of task '{task}' is looped over, and it is {described(type(value))}",
            hint="Return a list, as the annotation of the task promises.",
        )
    return len(value)


def announce(values: Mapping[str, object]) -> None:
    """Set them, on behalf of the task that is running."""
    for name, value in values.items():
        put_task_value(name, value)
