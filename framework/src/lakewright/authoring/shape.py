"""What a type annotation promises about the parts of a value."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, fields, is_dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The parts that may be taken of a value.

    Attributes:
        annotation: the type.
        kind: `tuple`, `list`, `dict`, `object`, or empty where no part may be taken.
        parts: types of the parts by name (tuple: by index as text).
        any_item: the type of every item of a list or a dict whose keys are not known.
    """

    annotation: object
    kind: str = ""
    parts: Mapping[str, object]
    any_item: object = None
    is_named_tuple: bool = False

    def __str__(self) -> str:
        return describe(self.annotation)

    @property
    def arity(self) -> int | None:
        """How many parts unpacking gives; None where their number is not part of the type."""
        return len(self.parts) if self.kind == "tuple" or self.is_named_tuple else None

    def item(self, key: str | int) -> Shape | None:
        """The part at `value[key]`, or None."""
        if type(key) is int and self.arity is not None:
            index = key + self.arity if key < 0 else key
            names = list(self.parts)
            return shape_of(self.parts[names[index]]) if 0 <= index < self.arity else None
        if type(key) is str and self.kind == "dict":
            annotation = self.parts.get(key, self.any_item)
            return shape_of(annotation) if annotation is not None else None
        return shape_of(self.any_item) if type(key) is int and self.kind == "list" else None

    def attribute(self, name: str) -> Shape | None:
        """The part at `value.name`, or None."""
        return shape_of(self.parts[name]) if self.kind == "object" and name in self.parts else None


def hints(function: Callable[..., object]) -> Mapping[str, object]:
    """Resolved annotations of a function; empty where they cannot be resolved.

    A name that exists only for type checkers says nothing at run time, and nobody asked for it yet.
    """
    try:
        return typing.get_type_hints(function)
    except (NameError, AttributeError, TypeError):
        return {}


def shape_of_return(function: Callable[..., object]) -> Shape:
    """What a function's return annotation promises."""
    return shape_of(hints(function).get("return"))


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
    if origin is list:
        return Shape(annotation=annotation, kind="list", parts={}, any_item=arguments[0] if arguments else object)
    if origin is dict:
        return Shape(annotation=annotation, kind="dict", parts={}, any_item=arguments[1] if arguments else object)
    return _shape_of_class(annotation) if isinstance(annotation, type) else Shape(annotation=annotation, parts={})


def _shape_of_class(annotation: type) -> Shape:
    if typing.is_typeddict(annotation):
        return Shape(annotation=annotation, kind="dict", parts=typing.get_type_hints(annotation))
    if is_dataclass(annotation):
        known = typing.get_type_hints(annotation)
        parts = {field.name: known.get(field.name, object) for field in fields(annotation)}
        return Shape(annotation=annotation, kind="object", parts=parts)
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        known = typing.get_type_hints(annotation)
        parts = {name: known.get(name, object) for name in annotation._fields}
        return Shape(annotation=annotation, kind="object", parts=parts, is_named_tuple=True)
    return Shape(annotation=annotation, parts={})


def describe(annotation: object) -> str:
    """A type as its author would write it; empty for none.

    >>> describe(int), describe(list[int]), describe(None)
    ('int', 'list[int]', '')
    """
    if annotation is None:
        return ""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation.__qualname__
    return str(annotation).replace("typing.", "")
