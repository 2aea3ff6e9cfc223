"""Whether a handle hides in data."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Final

from lakewright.authoring.handle import Future

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

_SCALARS: Final = frozenset({str, int, float, bool, bytes, type(None)})


def contains_future(value: object) -> bool:
    """Whether a handle is the value or stands anywhere inside its lists, tuples, dicts and dataclasses.

    >>> contains_future([{"a": (1, 2)}])
    False
    """
    pending, seen = [value], {id(value)}
    while pending:
        current = pending.pop()
        if isinstance(current, Future):
            return True
        parts = _parts(current)
        # A list of a million numbers is told by the types in it, not by a look at each.
        if not _SCALARS.issuperset(map(type, parts)):
            fresh = [part for part in parts if id(part) not in seen]
            seen.update(map(id, fresh))
            pending.extend(fresh)
    return False


def _parts(value: object) -> Collection[object]:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name, None) for field in fields(value)]
    return ()
