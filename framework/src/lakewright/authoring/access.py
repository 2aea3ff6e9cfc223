"""What a task does with the buckets that it is given: as the type of the parameter says, else as its name does."""

from __future__ import annotations

import re
import typing
from typing import Final

from lakewright.authoring.annotations import annotation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.model.storage import Access

_WORDS: Final = re.compile(r"[A-Za-z]+")
_WRITTEN: Final = frozenset({"destination", "destinations", "dest", "sink", "sinks", "target", "output", "outputs"})


def access_of(function: Callable[..., object], parameter: str, path: str) -> Access:
    """What a task does with a bucket.

    Args:
        function: of the task.
        parameter: at which the bucket arrives.
        path: from there to the bucket, as Python would write it.

    >>> def save(rows: list[int], destination: object) -> None: ...
    >>> access_of(save, "destination", ""), access_of(save, "rows", "")
    ('write', 'read')
    """
    said = {part for part in _metadata(annotation(function, parameter, extras=True)) if part in {"read", "write"}}
    if said:
        return "update" if len(said) > 1 else typing.cast("Access", said.pop())
    words = (word.lower() for word in _WORDS.findall(parameter.replace("_", " ") + path))
    return "read" if _WRITTEN.isdisjoint(words) else "write"


def _metadata(kind: object) -> tuple[object, ...]:
    """What `Annotated` says of a type, or of the types in it."""
    inner = tuple(found for part in typing.get_args(kind) for found in _metadata(part))
    return (*getattr(kind, "__metadata__", ()), *inner)
