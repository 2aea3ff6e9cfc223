"""One recorded call of a task."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lakewright.authoring.callsite import Site
    from lakewright.authoring.task import TaskFunction
    from lakewright.errors.base import Location
    from lakewright.model.binding import Argument

    AnyTask = TaskFunction[..., Any]


@dataclass(slots=True)
class Call:
    """A task, what it was called with, and where.

    Attributes:
        key: provisional: unlike that of any other call, and mostly what the final one will be.
        site: where in the source it stands, whatever its line.
        after: provisional keys of the tasks to wait for.
    """

    key: str
    task: AnyTask
    site: Site
    location: Location
    arguments: tuple[Argument, ...]
    after: tuple[str, ...]
