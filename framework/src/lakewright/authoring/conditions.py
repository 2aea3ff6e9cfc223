"""What a body asks about values that exist only when the job runs."""

from __future__ import annotations

import operator
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, NamedTuple

from lakewright.authoring.handle import Future, Handle
from lakewright.authoring.passes import PassHandle
from lakewright.errors.authoring import HandleError
from lakewright.loading.objects import load
from lakewright.model.binding import Constant, ParameterValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from lakewright.authoring.binding import Draft
    from lakewright.authoring.current import Recorder

TRUTH: Final = "truth"
IN: Final = "in"
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], object]]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    IN: lambda left, right: left in right,
    TRUTH: lambda left, _: left,
}
_COMPARABLE: Final = (str, int, float, bool, bytes, date, datetime, Decimal, list, dict, tuple, types.NoneType)
NOTHING: Final = Constant("null")


class Comparison(NamedTuple):
    """A question: an operator and its operands, `NOTHING` on the right of a truth test."""

    operator: str
    left: Draft
    right: Draft

    def __str__(self) -> str:
        left = _shown(self.left)
        return left if self.operator == TRUTH else f"{left} {self.operator} {_shown(self.right)}"


def _shown(draft: Draft) -> str:
    if isinstance(draft, ParameterValue):
        return draft.name
    if isinstance(draft, Handle):
        return draft.lw_origin.task.name + "".join(f"[{step!r}]" for step in draft.lw_path)
    return repr(draft.value(load)) if isinstance(draft, Constant) else "…"


def answer(symbol: str, left: object, right: object) -> bool:
    """What Python says."""
    return bool(_OPERATORS[symbol](left, right))


class ConditionHandle(Future):
    """A comparison with a future value: it can only be tested."""

    __slots__ = ("lw_comparison", "lw_is_negated", "lw_recorder")

    lw_comparison: Comparison
    lw_is_negated: bool
    lw_recorder: Recorder

    def __init__(self, recorder: Recorder, comparison: Comparison, *, is_negated: bool = False) -> None:
        object.__setattr__(self, "lw_recorder", recorder)
        object.__setattr__(self, "lw_comparison", comparison)
        object.__setattr__(self, "lw_is_negated", is_negated)

    def __repr__(self) -> str:
        return f"<condition '{self.lw_comparison}'>"

    def _truth(self) -> bool:
        return self.lw_recorder.decide(self.lw_comparison) is not self.lw_is_negated

    def _refuse(self, operation: str) -> NoReturn:
        raise self.lw_recorder.located(HandleError.condition_needs_value(str(self.lw_comparison), operation))


def is_comparable(annotation: object) -> bool:
    """Whether values of a type can be compared in a task of the framework's own: they are JSON, or as good as.

    >>> is_comparable(int | None), is_comparable(list[str]), is_comparable(object), is_comparable(None)
    (True, True, False, False)
    """
    origin, arguments = typing.get_origin(annotation) or annotation, typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return all(map(is_comparable, arguments))
    if origin is typing.Literal:
        return True
    if not isinstance(origin, type):
        return False
    if issubclass(origin, Enum) or typing.is_typeddict(origin):
        return True
    return origin in _COMPARABLE and all(part is Ellipsis or is_comparable(part) for part in arguments)


def is_element(value: object) -> bool:
    """Whether a value belongs to one pass of a loop."""
    return isinstance(value, PassHandle)
