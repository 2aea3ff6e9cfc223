"""Task values that a task sets about its own output, because the platform will ask for them."""

from __future__ import annotations

from lakewright.errors.running import OutputError
from lakewright.execution.values import put_task_value
from lakewright.io.stored import inside
from lakewright.model.loop import inputs, spans
from lakewright.model.values import described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lakewright.model.published import Published


def announcements(task: str, value: object, published: Iterable[Published]) -> Mapping[str, object]:
    """The task values that an output calls for.

    Raises:
        OutputError: the output is not what its annotation promised, so that they cannot be.
    """
    return {each.name: inputs(spans(length_of(task, inside(value, each.path, task=task)))) for each in published}


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
