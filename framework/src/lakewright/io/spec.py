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
        SettingError: it was built inline and its fields are not JSON types.
    """
    for name, value in function.__globals__.items():
        if value is manager:
            return IoSpec(f"{function.__module__}:{name}")
    kind = type(manager)
    if not is_dataclass(manager):
        raise _unfindable(kind, "is no dataclass")
    arguments = {field.name: getattr(manager, field.name) for field in fields(manager) if field.init}
    try:
        return IoSpec(str(Reference.of(kind)), to_text(encode(arguments)))
    except UnencodableError as error:
        raise _unfindable(kind, f"has a field that no definition can carry: {error}") from error


def _unfindable(kind: type, reason: str) -> SettingError:
    return SettingError(
        f"the IO manager {kind.__qualname__} is built inline and {reason}, so other processes could not find it",
        hint=f"Give it a name in the module of the task: warehouse = {kind.__qualname__}(…), then io=warehouse.",
    )
