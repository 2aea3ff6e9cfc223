"""Values that are taken apart, and made again from their parts: lists, tuples, dicts, named tuples, dataclasses."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from lakewright.model.reference import Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakewright.model.values import Load

Kind: TypeAlias = Literal["list", "tuple", "dict", "object"]


class Parts(NamedTuple):
    """What a value consists of.

    Attributes:
        parts: by name; items of a list or tuple by their index as text.
        type: for an `object`, the reference of its class.
    """

    kind: Kind
    parts: Mapping[str, Any]
    type: str = ""


def parts_of(value: object) -> Parts | None:
    """The parts of a container; None for what is none, and for a dict whose keys are not text.

    Subclasses of list, tuple and dict are none: they would come back as what they are not.

    >>> parts_of([7, 8]).parts
    {'0': 7, '1': 8}
    >>> parts_of("text")
    """
    kind = type(value)
    if isinstance(value, (list, tuple)) and kind in {list, tuple}:
        return Parts("list" if kind is list else "tuple", {str(index): item for index, item in enumerate(value)})
    if isinstance(value, dict):
        return Parts("dict", value) if kind is dict and all(type(key) is str for key in value) else None
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return Parts("object", value._asdict(), str(Reference.of(kind)))
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        return Parts("object", named, str(Reference.of(kind)))
    return None


def subscript(kind: str, name: str) -> str:
    """From a container to a part of it, as Python writes it.

    Args:
        kind: of the container, a `Kind`.
        name: of the part.

    >>> subscript("list", "0"), subscript("dict", "late"), subscript("object", "late")
    ('[0]', "['late']", '.late')
    """
    if kind == "object":
        return f".{name}"
    return f"[{name!r}]" if kind == "dict" else f"[{name}]"


def rebuild(parts: Parts, load: Load) -> object:
    """The value that `parts_of` took apart.

    >>> rebuild(Parts("tuple", {"0": 7, "1": 8}), load=str)
    (7, 8)
    """
    if parts.kind == "list":
        return list(parts.parts.values())
    if parts.kind == "tuple":
        return tuple(parts.parts.values())
    return load(parts.type)(**parts.parts) if parts.kind == "object" else dict(parts.parts)
