"""Handles inside of loops over future lists: each belongs to one pass of its loop."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from lakewright.authoring.handle import Handle
from lakewright.errors.authoring import HandleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.authoring.handle import Origin
    from lakewright.authoring.shape import Shape
    from lakewright.errors.base import Location


class LoopedList:
    """One list that is looped over.

    Attributes:
        origin: the call that gives it.
        path: the way from that call's output to the list.
        location: of the first loop over it.
    """

    def __init__(self, handle: Handle, location: Location) -> None:
        self.origin: Origin = handle.lw_origin
        self.path = handle.lw_path
        self.location = location

    def __str__(self) -> str:
        return f"the output of task '{self.origin.task.name}'"


class Mark(NamedTuple):
    """A pass over a list."""

    looped: LoopedList
    number: int


class PassHandle(Handle):
    """In a pass of a loop: the element of the list, what a call gave for it, or a part of one of them.

    Attributes:
        lw_path: of the element or output to the part.
    """

    __slots__ = ("lw_is_element", "lw_mark")

    lw_mark: Mark
    lw_is_element: bool

    def __init__(
        self,
        origin: Origin,
        mark: Mark,
        *,
        is_element: bool,
        path: tuple[str | int, ...] = (),
        shape: Shape | None = None,
    ) -> None:
        super().__init__(origin, path, shape)
        object.__setattr__(self, "lw_mark", mark)
        object.__setattr__(self, "lw_is_element", is_element)

    def __repr__(self) -> str:
        return f"<element of the {super().__repr__()[1:-1]}>" if self.lw_is_element else super().__repr__()

    def _error(self, operation: str) -> Callable[..., HandleError]:
        if self.lw_is_element:
            return partial(HandleError.element_needs_value, operation=operation)
        return super()._error(operation)

    def _part(self, step: str | int, shape: Shape) -> Handle:
        way = (*self.lw_path, step)
        return PassHandle(self.lw_origin, self.lw_mark, is_element=self.lw_is_element, path=way, shape=shape)
