"""What a type annotation promises about the parts of a value."""

from __future__ import annotations

import typing
from dataclasses import dataclass, fields, is_dataclass

from lakewright.authoring.annotations import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    Kind = Literal["tuple", "list", "dict", "object", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The parts that may be taken of a value.

    Attributes:
        annotation: the type.
        kind: empty where no part may be taken.
        parts: types of the parts by name (tuple: by index as text).
        any_item: the type of every item of a list or a dict whose keys are not known.
        is_named_tuple: whether the parts of an object also have an order.
    """

    annotation: object
    kind: Kind = ""
    parts: Mapping[str, object]
    any_item: object = None
    is_named_tuple: bool = False

    def __str__(self) -> str:
        return describe(self.annotation)

    @property
    def arity(self) -> int | None:
        """How many parts unpacking gives; None where their number is not part of the type."""
        return len(self.parts) if self.kind == "tuple" or self.is_named_tuple else None

    @property
    def element(self) -> Shape | None:
        """Each item of a list, however many there are; None for what is no list."""
        return shape_of(self.any_item) if self.kind == "list" else None

    def item(self, key: object) -> Shape | None:
        """The part at `value[key]`, or None."""
        if type(key) is int:
            return self._at(key)
        if type(key) is str and self.kind == "dict":
            annotation = self.parts.get(key, self.any_item)
            return shape_of(annotation) if annotation is not None else None
        return None

    def _at(self, index: int) -> Shape | None:
        if self.kind == "list":
            return shape_of(self.any_item)
        found = list(self.parts.values()) if self.arity is not None else []
        return shape_of(found[index]) if -len(found) <= index < len(found) else None

    def attribute(self, name: str) -> Shape | None:
        """The part at `value.name`, or None."""
        return shape_of(self.parts[name]) if self.kind == "object" and name in self.parts else None


def shape_of(annotation: object) -> Shape:
    """The parts of a type.

    >>> shape_of(tuple[int, str]).arity
    2
    >>> shape_of(dict[str, int]).item("a").annotation
    <class 'int'>
    >>> shape_of(int).kind
    ''
    """
    origin = typing.get_origin(annotation) or annotation
    arguments = typing.get_args(annotation)
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        parts = {str(index): part for index, part in enumerate(arguments)}
        return Shape(annotation=annotation, kind="tuple", parts=parts)
    if origin is list or (origin is tuple and arguments):
        return Shape(annotation=annotation, kind="list", parts={}, any_item=arguments[0] if arguments else object)
    if origin is dict:
        return Shape(annotation=annotation, kind="dict", parts={}, any_item=arguments[1] if arguments else object)
    return _shape_of_class(annotation) if isinstance(annotation, type) else Shape(annotation=annotation, parts={})


def _shape_of_class(annotation: type) -> Shape:
    if typing.is_typeddict(annotation):
        return Shape(annotation=annotation, kind="dict", parts=_types(annotation, annotation.__annotations__))
    if is_dataclass(annotation):
        names = [field.name for field in fields(annotation)]
        return Shape(annotation=annotation, kind="object", parts=_types(annotation, names))
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        parts = _types(annotation, annotation._fields)
        return Shape(annotation=annotation, kind="object", parts=parts, is_named_tuple=True)
    return Shape(annotation=annotation, parts={})


def _types(annotation: type, names: typing.Iterable[str]) -> Mapping[str, object]:
    """The types of parts; `object` where they cannot be resolved, because only a part of a part would need them."""
    try:
        known = typing.get_type_hints(annotation)
    except (NameError, AttributeError, TypeError):
        known = {}
    return {name: known.get(name, object) for name in names}
