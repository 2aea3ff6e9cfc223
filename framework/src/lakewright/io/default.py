"""The default manager: frames as Parquet, all else as JSON, parts of a container each on their own."""

from __future__ import annotations

import sys
from typing import Final, get_args, get_origin

from lakewright.errors.running import FormatError
from lakewright.io import formats
from lakewright.io.base import InputContext, IoManager, OutputContext
from lakewright.io.files import put
from lakewright.io.remedies import remedy
from lakewright.io.stored import read_stored
from lakewright.model.containers import Parts, parts_of, subscript
from lakewright.model.record import Stored, StoredFile
from lakewright.model.values import UnencodableError, encode, to_text

# A record stays small, and a run in one process holds the values of all records.
MAX_INLINE_BYTES: Final = 64 * 1024


class DefaultIo(IoManager):
    """Keeps values by their type, under the attempt's own folder."""

    def write(self, context: OutputContext, value: object) -> Stored:
        """Keep a value.

        Raises:
            FormatError: no format gives it back as it is.
            OutputError: it cannot be written.
        """
        return _Writer(context).write(value, "data", "")

    def read(self, context: InputContext) -> object:
        """The value; frames in the type that the consumer asks for."""
        return read_stored(context.stored, context.load, context.annotated)


class _Writer:
    """Writes one output, part by part, each under a name of its own."""

    def __init__(self, context: OutputContext) -> None:
        self._context = context

    def write(self, value: object, name: str, place: str) -> Stored:
        """Keep a part.

        Args:
            value: the part.
            name: of its file.
            place: where in the output it stands, as Python would subscript it.
        """
        path = f"{self._context.folder}/{name}"
        kind = formats.type_name(type(value))
        row = formats.frame_type(kind)
        if row is not None:
            return formats.engine(row).write(value, path)
        try:
            return _json(encode(value), kind, path)
        except UnencodableError as error:
            parts = parts_of(value)
            if parts is None or not self._may_be_taken_apart(value, parts):
                raise self._no_format(value, f"{place}{error.path}", error.reason) from error
        except RecursionError as error:
            raise self._no_format(value, place, "nested too deeply, or holds itself") from error
        return self._container(parts, name, place)

    def _container(self, found: Parts, name: str, place: str) -> Stored:
        parts = tuple(
            (key, self.write(part, f"{name}.{index}", f"{place}{subscript(found.kind, key)}"))
            for index, (key, part) in enumerate(found.parts.items())
        )
        return Stored(format=found.kind, kind=found.type, parts=parts)

    def _may_be_taken_apart(self, value: object, found: Parts) -> bool:
        """An object whose class can be found again; a tuple that the annotation promises: else it is a stray comma."""
        if found.kind == "object":
            return _is_found(type(value))
        return found.kind != "tuple" or _promises_tuple(self._context.annotation)

    def _no_format(self, value: object, place: str, reason: str) -> FormatError:
        task = self._context.task
        where = f"result{place}" if place else "the result"
        message = f"no format can hold the output of task '{task}': {where} is {reason}"
        return FormatError(message, hint=remedy(value))


def _json(encoded: object, kind: str, path: str) -> Stored:
    content = to_text(encoded).encode()
    if len(content) <= MAX_INLINE_BYTES:
        return Stored(format="json", kind=kind, value=encoded)
    put(f"{path}.json", content)
    return Stored(format="json", kind=kind, files=(StoredFile(f"{path}.json", len(content)),))


def _is_found(kind: type) -> bool:
    """Whether a class stands where it says, so that readers find it."""
    found: object = sys.modules.get(kind.__module__)
    for part in kind.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is kind


def _promises_tuple(annotation: object) -> bool:
    """Whether a tuple stands anywhere in a type."""
    return annotation is tuple or get_origin(annotation) is tuple or any(map(_promises_tuple, get_args(annotation)))
