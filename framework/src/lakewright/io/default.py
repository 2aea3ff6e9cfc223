"""The default manager: frames as Parquet, all else as JSON in the commit record, parts each on their own."""

from __future__ import annotations

import typing
from dataclasses import fields, is_dataclass
from typing import Final

from lakewright.errors.running import FormatError, OutputError
from lakewright.io import formats
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.model.record import Stored
from lakewright.model.values import UnencodableError, decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.model.values import Load

_CONTAINERS: Final = frozenset({"list", "tuple", "dict", "object"})


class DefaultIo(IoManager):
    """Keeps values by their type, under the attempt's own folder."""

    def write(self, context: OutputContext, value: object) -> Stored:
        """Keep a value.

        Raises:
            FormatError: no format gives it back as it is.
            OutputError: it cannot be written.
        """
        return _write(value, context, "data", context.annotation)

    def read(self, context: InputContext) -> object:
        """The value; frames in the type that the consumer asks for."""
        return read_stored(context.stored, context.annotation, context.load)


def _write(value: object, context: OutputContext, name: str, annotation: object) -> Stored:
    kind = formats.type_name(type(value))
    frame = formats.frame_type(kind)
    if frame is not None:
        return formats.engine(frame).write(value, f"{context.folder}/{name}")
    try:
        return Stored(format="json", kind=kind, value=encode(value))
    except UnencodableError as error:
        parts = _parts(value, annotation)
        if parts is None:
            raise _no_format(context.task, value, error) from error
    container, named = parts
    stored = tuple(
        (key, _write_part(part, context, f"{name}.{index}")) for index, (key, part) in enumerate(named.items())
    )
    return Stored(format=container, kind=_reference(type(value)) if container == "object" else "", parts=stored)


def _write_part(part: object, context: OutputContext, name: str) -> Stored:
    if part is None:
        return Stored(format="json", kind="builtins.NoneType", value=None)
    return _write(part, context, name, type(part) if _is_object(part) else None)


def _parts(value: object, annotation: object) -> tuple[str, Mapping[str, object]] | None:
    """A container and its parts, where the return annotation promises them; None otherwise."""
    origin = typing.get_origin(annotation) or annotation
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return "object", dict(zip(value._fields, value, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        return "object", {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, tuple) and origin is tuple:
        return "tuple", {str(index): item for index, item in enumerate(value)}
    if isinstance(value, list):
        return "list", {str(index): item for index, item in enumerate(value)}
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return "dict", value
    return None


def _is_object(value: object) -> bool:
    return is_dataclass(value) or (isinstance(value, tuple) and hasattr(value, "_fields"))


def _reference(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _no_format(task: str, value: object, error: UnencodableError) -> FormatError:
    hint = "Return a frame, JSON types, or date, datetime, Decimal, Enum, Path, bytes; or give the task its own IO manager: @task(io=…)."
    if isinstance(value, tuple):
        hint = "Annotate the return as tuple[…] to keep each part on its own, or return a list."
    place = f"result{error.path}" if error.path else "the result"
    return FormatError(f"no format can hold the output of task '{task}': {place} is {error.reason}", hint=hint)


def select(
    stored: Stored | None, path: tuple[str | int, ...], *, task: str
) -> tuple[Stored | None, tuple[str | int, ...]]:
    """The part that a path leads to, and the rest of the path that lies inside a value.

    Raises:
        OutputError: the output has no such part.
    """
    rest = path
    while rest and stored is not None and stored.parts:
        names = [name for name, _ in stored.parts]
        key = rest[0]
        if isinstance(key, int) and stored.format in {"object", "dict"}:
            key = names[key] if -len(names) <= key < len(names) else key
        elif isinstance(key, int) and key < 0:
            key += len(names)
        part = stored.part(key)
        if part is None:
            raise OutputError(f"the output of task '{task}' has no part {rest[0]!r}; it has {', '.join(names)}")
        stored, rest = part, rest[1:]
    return stored, rest


def read_stored(stored: Stored, annotation: object, load: Load) -> object:
    """The value behind a `Stored`, whoever wrote it; only what is asked for is read."""
    if stored.format == "json":
        return decode(stored.value, load)
    if stored.format in _CONTAINERS:
        return _read_container(stored, load)
    return _read_frame(stored, annotation)


def _read_container(stored: Stored, load: Load) -> object:
    values = {name: read_stored(part, None, load) for name, part in stored.parts}
    if stored.format == "list":
        return list(values.values())
    if stored.format == "tuple":
        return tuple(values.values())
    if stored.format == "dict":
        return values
    return load(stored.kind)(**values)  # type: ignore[operator]  # a class


def _read_frame(stored: Stored, annotation: object) -> object:
    kind = formats.wanted_frame(annotation) or stored.kind
    row = formats.frame_type(kind)
    if row is None:
        raise OutputError(f"an output of kind {stored.kind!r} was kept by an engine that this release does not have")
    return formats.engine(row).read(stored, kind)
