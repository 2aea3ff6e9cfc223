"""One recorded call of a task."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from lakewright.authoring.callsite import LineTables, Site
    from lakewright.authoring.current import Recorder
    from lakewright.authoring.task import TaskFunction
    from lakewright.errors.base import Location
    from lakewright.model.binding import Argument

    AnyTask = TaskFunction[..., Any]


@dataclass(slots=True)
class Call:
    """A task, what it was called with, and where.

    Attributes:
        recorder: the record of the body that it is part of.
        key: provisional: unlike that of any other call, and mostly what the final one will be.
        site: where in the source it stands, whatever its line.
        code: what the call stands in.
        lines: finds its line.
        after: provisional keys of the tasks to wait for.
    """

    recorder: Recorder
    key: str
    task: AnyTask
    site: Site
    code: CodeType
    lines: LineTables
    arguments: tuple[Argument, ...]
    after: tuple[str, ...]

    @property
    def location(self) -> Location:
        """The line of the call."""
        return self.lines.location(self.code, self.site[0][1])
