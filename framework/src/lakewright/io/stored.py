"""From what a commit record names back to values, whoever wrote them; only what is asked for is read."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final, get_args

from lakewright.errors.running import OutputError
from lakewright.io import formats
from lakewright.io.files import check_whole, get
from lakewright.model.containers import Kind, Parts, rebuild
from lakewright.model.record import Stored
from lakewright.model.values import TAG, decode, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lakewright.model.record import StoredFile
    from lakewright.model.values import Load

    Path = tuple[str | int, ...]

_CONTAINERS: Final[Mapping[str, Kind]] = {kind: kind for kind in get_args(Kind)}


def read_stored(stored: Stored, load: Load, annotated: Callable[[], object]) -> object:
    """The value; a frame in the type that the consumer asks for, frames inside containers as they were written.

    Raises:
        OutputError: a file is gone, or no engine of this release reads it.
    """
    if stored.format == "json":
        return decode(_json_value(stored), load)
    container = _CONTAINERS.get(stored.format)
    if container is not None:
        parts = {name: read_stored(part, load, _as_written) for name, part in stored.parts}
        return rebuild(Parts(container, parts, stored.kind), load)
    kind = formats.wanted_frame(annotated()) or stored.kind
    row = formats.frame_type(kind)
    if row is None:
        raise OutputError(f"an output of kind {stored.kind!r} was kept by an engine that this release does not have")
    return formats.engine(row).read(stored, kind)


def _as_written() -> object:
    return None


def _json_value(stored: Stored) -> Any:  # noqa: ANN401  JSON of any type
    # Behind the run's own file there may be copies for others.
    return _parsed(stored.files[0]) if stored.files else stored.value


# A loop takes one element after the other of the same file, which nobody writes to again.
@lru_cache(maxsize=1)
def _parsed(file: StoredFile) -> Any:  # noqa: ANN401  JSON of any type
    check_whole([file])
    return json.loads(get(file.path) or b"null")


def length(stored: Stored | None) -> int | None:
    """How many elements a stored list or tuple has; None where only who wrote it can tell, or for what is none."""
    if stored is None:
        return None
    if stored.format in {"list", "tuple"}:
        return len(stored.parts)
    found = _json_value(stored) if stored.format == "json" else None
    return len(found) if isinstance(found, list) else None


def select(stored: Stored, path: Path, *, task: str) -> tuple[Stored, Path]:
    """The part that a path leads to, and the rest of the path that lies inside a value.

    Raises:
        OutputError: the output has no such part.
    """
    rest = path
    while rest and stored.format in _CONTAINERS:
        names = [name for name, _ in stored.parts]
        part = stored.part(_part_name(rest[0], names))
        if part is None:
            raise _no_part(task, rest[0], f"it has {', '.join(names) or 'none'}")
        stored, rest = part, rest[1:]
    return _inside_json(stored, rest) if rest and stored.format == "json" else (stored, rest)


def _inside_json(stored: Stored, path: Path) -> tuple[Stored, Path]:
    """As far as a path leads through JSON's own lists and dicts: what is not taken is not decoded either."""
    value = _json_value(stored)
    for place, step in enumerate(path):
        is_there = (
            -len(value) <= step < len(value)
            if isinstance(value, list) and isinstance(step, int)
            else isinstance(value, dict) and TAG not in value and step in value
        )
        if not is_there:
            return Stored(format="json", value=value), path[place:]
        value = value[step]
    return Stored(format="json", value=value), ()


def _part_name(key: str | int, names: Sequence[str]) -> str:
    """Parts are in order, so an index counts them from either end, whatever they are called."""
    if isinstance(key, str):
        return key
    return names[key] if -len(names) <= key < len(names) else str(key)


def inside(value: Any, path: Path, *, task: str) -> Any:  # noqa: ANN401  data of any type
    """The part of a value in memory at a path of keys, indices and attributes.

    Raises:
        OutputError: the value has no such part.
    """
    for step in path:
        value = _taken(value, step, task)
    return value


def _taken(value: Any, step: str | int, task: str) -> Any:  # noqa: ANN401  data of any type
    try:
        return getattr(value, step) if isinstance(step, str) and not isinstance(value, dict) else value[step]
    except (AttributeError, LookupError, TypeError) as error:
        raise _no_part(task, step, f"it is {described(type(value))}") from error


def _no_part(task: str, key: str | int, what: str) -> OutputError:
    return OutputError(
        f"the output of task '{task}' has no part {key!r}; {what}",
        hint="Return what the annotation of the task promises.",
    )
