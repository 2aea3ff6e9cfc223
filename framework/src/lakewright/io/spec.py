"""How another process finds an IO manager."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from lakewright.errors.authoring import SettingError
from lakewright.model.reference import Reference
from lakewright.model.task import IoSpec
from lakewright.model.values import UnencodableError, encode, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lakewright.io.base import IoManager


def spec_of(manager: IoManager, function: Callable[..., object]) -> IoSpec:
    """A reference to the manager where the function's module holds it by name, else its class and fields.

    Raises:
        SettingError: it was built inline, and from its class and JSON types nobody could build it again.
    """
    for name, value in getattr(function, "__globals__", {}).items():
        if value is manager:
            return IoSpec(f"{function.__module__}:{name}")
    reference = Reference.of(type(manager))
    if reference.body is not None:
        raise _unfindable(manager, "is of a class inside a function")
    try:
        return IoSpec(str(reference), to_text(encode(_arguments(manager))))
    except UnencodableError as error:
        raise _unfindable(manager, f"has a field that no definition can carry: {error}") from error


def _arguments(manager: object) -> dict[str, object]:
    if not is_dataclass(manager):
        raise _unfindable(manager, "is no dataclass")
    return {field.name: getattr(manager, field.name) for field in fields(manager) if field.init}


def _unfindable(manager: object, reason: str) -> SettingError:
    kind = type(manager).__qualname__
    return SettingError(
        f"the IO manager {kind} is built inline and {reason}, so other processes could not find it",
        hint=f"Give it a name in the module of the task: warehouse = {kind}(…), then io=warehouse.",
    )
