"""Which engine and format keep a value, by its type: a table, not a chain of ifs.

Engines are imported when a value of theirs first appears: a task that returns a number never loads polars.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Protocol, get_args

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakewright.model.record import Stored


class Engine(Protocol):
    """A library's way to keep frames as files; its modules implement it."""

    def write(self, value: Any, path: str) -> Stored:  # noqa: ANN401  the engine's own types
        """Write a frame to one file."""

    def read(self, stored: Stored, kind: str) -> object:
        """The frame as the named type of this engine."""

    def convert(self, value: Any, kind: str) -> object:  # noqa: ANN401  the engine's own types
        """A frame in memory as the named type of this engine, not shared with others."""


@dataclass(frozen=True, slots=True)
class FrameType:
    """A type of frame: the engine that knows it, and whether its data can be shared between tasks of one process."""

    engine: str
    immutable: bool


FRAMES: Final[Mapping[str, FrameType]] = {
    "polars.DataFrame": FrameType("lakewright.io.engines.polars", immutable=True),
    "polars.LazyFrame": FrameType("lakewright.io.engines.polars", immutable=False),
}

_SCALARS: Final = frozenset({str, int, float, bool, bytes, date, datetime, Decimal})
_CONTAINERS: Final = frozenset({list, tuple, dict})
# Most values, and a name takes a while to make.
_NO_FRAMES: Final = _SCALARS | _CONTAINERS


def type_name(kind: object) -> str:
    """A type by the name of its top package, wherever inside it is defined.

    >>> type_name(int)
    'builtins.int'
    """
    module = getattr(kind, "__module__", "")
    return f"{module.partition('.')[0]}.{getattr(kind, '__name__', '')}"


def frame_type(name: str) -> FrameType | None:
    """The row of the table for a type's name; None for what is no frame."""
    return FRAMES.get(name)


def is_immutable(value: object) -> bool:
    """Whether tasks of one process may share the data, because none of them can change it."""
    kind = type(value)
    if kind in _SCALARS:
        return True
    row = None if kind in _CONTAINERS else frame_type(type_name(kind))
    return row is not None and row.immutable


def wanted_frame(annotation: object) -> str | None:
    """The frame type that an annotation asks for, looking into `X | None`; None when it asks for none."""
    for part in (annotation, *get_args(annotation)):
        name = type_name(part)
        if name in FRAMES:
            return name
    return None


def converted(value: object, annotated: Callable[[], object]) -> object:
    """A value in memory as what its consumer asks for; only frames leave a choice, so only they resolve it."""
    if type(value) in _NO_FRAMES:
        return value
    own = type_name(type(value))
    row = frame_type(own)
    return value if row is None else engine(row).convert(value, wanted_frame(annotated()) or own)


def engine(row: FrameType) -> Engine:
    """The engine of a row, imported on first use."""
    from importlib import import_module

    return import_module(row.engine)
