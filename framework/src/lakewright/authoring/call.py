"""One recorded call of a task."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType
    from typing import Any

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.callsite import Site, Sites
    from lakewright.authoring.current import Recorder
    from lakewright.authoring.handle import Origin
    from lakewright.authoring.passes import LoopedList
    from lakewright.authoring.task import TaskFunction
    from lakewright.errors.base import Location
    from lakewright.model.binding import Arrival

    AnyTask = TaskFunction[..., Any]


@dataclass(slots=True, eq=False)
class Call:
    """A task, what it was called with, and where; it has no key yet, because that depends on all calls of the body.

    Attributes:
        recorder: the record of the body that it is part of.
        site: where in the source it stands.
        code: what the call stands in.
        sites: finds its line.
        arguments: parameter, what it takes, and how it is passed.
        after: the calls to wait for.
        looped: the list for whose elements it is repeated; None for one that is made once.
    """

    recorder: Recorder
    task: AnyTask
    site: Site
    code: CodeType
    sites: Sites
    arguments: Sequence[tuple[str, Draft, Arrival]]
    after: Sequence[Origin]
    looped: LoopedList | None = None

    @property
    def location(self) -> Location:
        """The line of the call."""
        return self.sites.location(self.code, self.site[0])
