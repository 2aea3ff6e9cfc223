"""Type annotations, resolved one by one and only when someone needs them."""

from __future__ import annotations

import typing

from lakewright.authoring.unknown import check_known
from lakewright.errors.authoring import AnnotationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def annotation(function: Callable[..., object], name: str, *, extras: bool = False) -> object:
    """The annotation of a parameter (or of `return`); None without one.

    Args:
        function: whose parameter.
        name: of the parameter.
        extras: whether what `Annotated` adds to a type is kept.

    Raises:
        AnnotationError: it is text that names something the module does not have at run time.
        StaticAnalysisError: it names what is not known in a module that is read.
    """
    raw = getattr(function, "__annotations__", {}).get(name)
    if not _holds_text(raw):
        return raw
    try:
        names = getattr(function, "__globals__", {})
        found: object = typing.get_type_hints(_Annotated(name, raw), names, include_extras=extras)[name]
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        place = f"{function.__module__}:{function.__qualname__}"
        raise AnnotationError(
            f"the annotation of '{name}' in '{place}' cannot be resolved: {raw!r} ({error})",
            hint="It is needed at run time: import its type there, not only under TYPE_CHECKING.",
        ) from error
    check_known(found)
    return found


def _holds_text(part: object) -> bool:
    return isinstance(part, (str, typing.ForwardRef)) or any(map(_holds_text, typing.get_args(part)))


class _Annotated:
    """Something with one annotation: all that `typing.get_type_hints` wants."""

    def __init__(self, name: str, raw: object) -> None:
        self.__annotations__ = {name: raw}


def describe(annotation: object) -> str:
    """A type as its author would write it; empty for none.

    >>> describe(int), describe(list[int]), describe("pl.DataFrame"), describe(None)
    ('int', 'list[int]', 'pl.DataFrame', '')
    """
    if annotation is None:
        return ""
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return annotation.__qualname__
    return str(annotation).replace("typing.", "")
