"""The types that a task's parameters and return ask for, resolved one by one."""

from __future__ import annotations

import typing

from lakewright.errors.running import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def annotation(function: Callable[..., object], name: str) -> object:
    """The annotation of a parameter (or of `return`); None without one.

    Raises:
        RunError: it is text that names something the module does not have at run time.
    """
    raw = getattr(function, "__annotations__", {}).get(name)
    if not _holds_text(raw):
        return raw
    try:
        return typing.get_type_hints(_Annotated(name, raw), getattr(function, "__globals__", {})).get(name)
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise RunError(
            f"the annotation of '{name}' in '{function.__module__}:{function.__qualname__}' cannot be resolved: {raw!r} ({error})",
            hint="It decides how the input is read: import its type at run time, not only under TYPE_CHECKING.",
        ) from error


def _holds_text(part: object) -> bool:
    return isinstance(part, (str, typing.ForwardRef)) or any(map(_holds_text, typing.get_args(part)))


class _Annotated:
    """Something with one annotation: all that `typing.get_type_hints` wants."""

    def __init__(self, name: str, raw: object) -> None:
        self.__annotations__ = {name: raw}
